using System.Globalization;
using Beyla.Discovery.Selection;
using Beyla.Discovery.Services;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Discovery;

/// <summary>
/// Chooses processes. Every criterion that is set must hold; of several selectors one suffices, and of those that hold the
/// last one that sets a service name, namespace, routes, sampler or exports decides it. Read once, when a session starts.
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

    /// <summary>Globs over <c>telemetry.sdk.language</c> (<c>go</c>, <c>java</c>, <c>dotnet</c>, <c>python</c>, <c>ruby</c>, <c>nodejs</c>,
    /// <c>rust</c>, <c>php</c>, <c>cpp</c>, <c>generic</c>), one of which must fit. A process whose runtime is a library is known
    /// when it has loaded it, up to some seconds after its start. Empty: not a criterion.</summary>
    public IList<string> Languages { get; } = [];

    /// <summary>Glob that the arguments of the process must fit: its command line without the first word, separated by single
    /// spaces. <see langword="null"/> or empty: not a criterion.</summary>
    public string? CommandLineGlob { get; set; }

    /// <summary>Process ids in the pid namespace of this process. Empty: not a criterion.</summary>
    public IList<int> ProcessIds { get; } = [];

    /// <summary><c>service.name</c> for the matching processes. The environment of a process (<c>OTEL_SERVICE_NAME</c>,
    /// <c>OTEL_RESOURCE_ATTRIBUTES</c>) overrides it. <see langword="null"/> or empty: not set here.</summary>
    public string? ServiceName { get; set; }

    /// <summary><c>service.namespace</c> for the matching processes; overrides the environment of a process. <see langword="null"/> or empty: not set here.</summary>
    public string? ServiceNamespace { get; set; }

    /// <summary>How paths of the matching processes become routes. <see langword="null"/>: as <see cref="BeylaOptions.Routes"/> says.</summary>
    public RouteOptions? Routes { get; set; }

    /// <summary>Which spans of the matching processes reach the sinks. <see langword="null"/>: as <see cref="BeylaOptions.Sampler"/> says.</summary>
    public Sampler? Sampler { get; set; }

    /// <summary>Which signals of the matching processes leave the session. <see langword="null"/>: not set here, which is <see cref="SignalExports.All"/>
    /// if no other selector that matches says otherwise.</summary>
    public SignalExports? Exports { get; set; }

    internal bool HasCriterion => HasPathCriterion || !OpenPorts.IsEmpty || ProcessIds.Count > 0 || Languages.Count > 0 || !string.IsNullOrEmpty(CommandLineGlob);

    internal bool HasPathCriterion => !string.IsNullOrEmpty(ExecutableName) || !string.IsNullOrEmpty(ExecutableGlob);

    internal void Validate(string section, ICollection<string> errors)
    {
        if (!HasCriterion)
        {
            errors.Add(
                $"{section} has no criterion and would choose nothing: set {nameof(ExecutableName)}, {nameof(ExecutableGlob)}, {nameof(OpenPorts)}, {nameof(Languages)}, {nameof(CommandLineGlob)} or {nameof(ProcessIds)}.");
        }

        if (!string.IsNullOrEmpty(ExecutableName) && !NamePattern.TryCompile(ExecutableName, out _, out var problem))
        {
            errors.Add($"{section}.{nameof(ExecutableName)} is '{ExecutableName}': {problem}");
        }

        ValidateGlob($"{section}.{nameof(ExecutableGlob)}", ExecutableGlob, errors);
        ValidateGlob($"{section}.{nameof(CommandLineGlob)}", CommandLineGlob, errors);
        for (var i = 0; i < Languages.Count; i++)
        {
            ValidateLanguage(string.Create(CultureInfo.InvariantCulture, $"{section}.{nameof(Languages)}[{i}]"), Languages[i], errors);
        }

        Routes?.Validate($"{section}.{nameof(Routes)}", errors);
        if (Exports is { } exports && (exports & ~SignalExports.All) != 0)
        {
            errors.Add($"{section}.{nameof(Exports)}: {exports} is not known; use {nameof(SignalExports.None)}, {nameof(SignalExports.Metrics)}, {nameof(SignalExports.Traces)} or {nameof(SignalExports.All)}.");
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

    private static void ValidateGlob(string option, string? glob, ICollection<string> errors)
    {
        if (!string.IsNullOrEmpty(glob) && !Glob.TryCompile(glob, out _, out var problem))
        {
            errors.Add($"{option} is '{glob}': {problem}");
        }
    }

    private static void ValidateLanguage(string option, string glob, ICollection<string> errors)
    {
        if (!Glob.TryCompile(glob, out var compiled, out var problem))
        {
            errors.Add($"{option} is '{glob}': {problem}");
        }
        else if (!Language.All.Any(language => compiled.IsMatch(language)))
        {
            errors.Add($"{option} is '{glob}', which fits no language; there are {string.Join(", ", Language.All)}.");
        }
    }
}
