using System.Globalization;
using Beyla.Discovery.Selection;

namespace Beyla.Discovery;

/// <summary>
/// Chooses processes. Every criterion that is set must hold; of several selectors one suffices, and of those that hold the
/// last one that sets a service name or namespace decides it. Read once, when a session starts.
/// </summary>
public sealed class ProcessSelector
{
    /// <summary>
    /// Regular expression that is searched for, unanchored, in the path of the executable (the target of
    /// <c>/proc/PID/exe</c>, not the command line). Matching takes time linear in the path, at the price of no
    /// lookarounds, back-references or atomic groups. <see langword="null"/> or empty: not a criterion.
    /// </summary>
    public string? ExecutableName { get; set; }

    /// <summary>
    /// Glob that the whole path of the executable must fit: <c>*</c> any run of characters, slashes included, <c>?</c> one
    /// character, <c>[a-z]</c> and <c>[!x]</c> classes, <c>{a,b}</c> alternatives, <c>\</c> takes the next character
    /// literally. <see langword="null"/> or empty: not a criterion.
    /// </summary>
    public string? ExecutableGlob { get; set; }

    /// <summary>TCP ports, on one of which the process must listen. Empty: not a criterion.</summary>
    public PortSet OpenPorts { get; set; }

    /// <summary>Process ids in the pid namespace of this process. Empty: not a criterion.</summary>
    public IList<int> ProcessIds { get; } = [];

    /// <summary><c>service.name</c> for the matching processes. The environment of a process (<c>OTEL_SERVICE_NAME</c>,
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c>) overrides it. <see langword="null"/> or empty: not set here.</summary>
    public string? ServiceName { get; set; }

    /// <summary><c>service.namespace</c> for the matching processes; overrides the environment of a process. <see langword="null"/> or empty: not set here.</summary>
    public string? ServiceNamespace { get; set; }

    internal bool HasCriterion => HasPathCriterion || !OpenPorts.IsEmpty || ProcessIds.Count > 0;

    internal bool HasPathCriterion => !string.IsNullOrEmpty(ExecutableName) || !string.IsNullOrEmpty(ExecutableGlob);

    internal void Validate(string section, ICollection<string> errors)
    {
        if (!HasCriterion)
        {
            errors.Add(
                $"{section} has no criterion and would choose nothing: set {nameof(ExecutableName)}, {nameof(ExecutableGlob)}, {nameof(OpenPorts)} or {nameof(ProcessIds)}.");
        }

        if (!string.IsNullOrEmpty(ExecutableName) && !NamePattern.TryCompile(ExecutableName, out _, out var problem))
        {
            errors.Add($"{section}.{nameof(ExecutableName)} is '{ExecutableName}': {problem}");
        }

        if (!string.IsNullOrEmpty(ExecutableGlob) && !Glob.TryCompile(ExecutableGlob, out _, out problem))
        {
            errors.Add($"{section}.{nameof(ExecutableGlob)} is '{ExecutableGlob}': {problem}");
        }

        for (var i = 0; i < ProcessIds.Count; i++)
        {
            if (ProcessIds[i] <= 0)
            {
                errors.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{section}.{nameof(ProcessIds)}[{i}] is {ProcessIds[i]}: a process id is a positive number, as ps prints it."));
            }
        }
    }
}
