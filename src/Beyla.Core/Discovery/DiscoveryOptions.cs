using System.Globalization;

namespace Beyla.Discovery;

/// <summary>Which processes are observed, and within which bounds. Read once, when a session starts.</summary>
public sealed class DiscoveryOptions
{
    private const int MostProcesses = 1_000_000;

    /// <summary>Processes that one of these matches are observed, and the processes they start.</summary>
    public IList<ProcessSelector> Selectors { get; } = [];

    /// <summary>Processes that one of these matches are never observed; exclusion beats selection. Ports and languages can't be a criterion here.</summary>
    public IList<ProcessSelector> Exclusions { get; } = [];

    /// <summary>
    /// Whether telemetry agents are left out: executables named <c>beyla</c>, <c>alloy</c>, <c>obi</c>, <c>ebpf-instrument</c>,
    /// <c>prometheus-config-reloader</c> or <c>otelcol…</c>. Default <see langword="true"/>.
    /// </summary>
    public bool UseDefaultExclusions { get; set; } = true;

    /// <summary>Whether the process that runs the session may be observed too. Default <see langword="false"/>.</summary>
    public bool InstrumentSelf { get; set; }

    /// <summary>Name of the host in <c>service.instance.id</c> of services that don't bring their own; <see langword="null"/>, the default, for the machine's name.</summary>
    public string? HostName { get; set; }

    /// <summary>Most processes observed at one time; further ones are skipped and counted. Default 4096.</summary>
    public int MaxProcesses { get; set; } = 4096;

    /// <summary>How often <c>/proc</c> is compared with what the kernel reported. New processes don't wait for it. Default 5 seconds.</summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(5);

    internal void Validate(string section, ICollection<string> errors)
    {
        for (var i = 0; i < Selectors.Count; i++)
        {
            Selectors[i].Validate(string.Create(CultureInfo.InvariantCulture, $"{section}.{nameof(Selectors)}[{i}]"), errors);
        }

        for (var i = 0; i < Exclusions.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{section}.{nameof(Exclusions)}[{i}]");
            Exclusions[i].Validate(name, errors);
            if (!Exclusions[i].OpenPorts.IsEmpty)
            {
                errors.Add(
                    $"{name}.{nameof(ProcessSelector.OpenPorts)} is '{Exclusions[i].OpenPorts}': a process can't be excluded by its ports; name its executable or its process id.");
            }

            if (Exclusions[i].Languages.Count > 0)
            {
                errors.Add(
                    $"{name}.{nameof(ProcessSelector.Languages)} is '{string.Join(',', Exclusions[i].Languages)}': a process can't be excluded by its language, which is known some time after its start; select by the languages that you want.");
            }
        }

        if (MaxProcesses is < 1 or > MostProcesses)
        {
            errors.Add(string.Create(
                CultureInfo.InvariantCulture, $"{section}.{nameof(MaxProcesses)} is {MaxProcesses}: give a number from 1 to {MostProcesses}."));
        }

        if (ReconcileInterval < TimeSpan.FromSeconds(1) || ReconcileInterval > TimeSpan.FromHours(1))
        {
            errors.Add($"{section}.{nameof(ReconcileInterval)} is {ReconcileInterval}: give a time from 1 second to 1 hour.");
        }
    }
}
