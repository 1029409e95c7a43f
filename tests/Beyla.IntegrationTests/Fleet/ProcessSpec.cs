namespace Beyla.IntegrationTests.Fleet;

/// <summary>How to start a process.</summary>
internal sealed record ProcessSpec(string Executable, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string? WorkingDirectory { get; init; }

    /// <summary>Signal that the process gets when the test process dies: KILL unless it has children of its own to end.</summary>
    public string DeathSignal { get; init; } = "KILL";
}
