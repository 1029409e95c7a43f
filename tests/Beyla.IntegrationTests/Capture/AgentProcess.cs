using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>The agent as a process of its own.</summary>
internal static class AgentProcess
{
    private static readonly Tool Dotnet = new("dotnet", "dotnet-sdk-10.0");
    private static readonly Tool SetPriv = new("setpriv", "util-linux");

    private static readonly Dictionary<string, string> Printing = new() { ["BEYLA_PRINT_TRACES"] = "true" };

    /// <summary>Starts it as one that prints spans.</summary>
    public static Task<TargetProcess> StartAsync(params IReadOnlyList<string> arguments) => StartAsync(Printing, arguments);

    /// <summary>Starts it with these variables beside those of the test.</summary>
    public static Task<TargetProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments) =>
        StartAsync(Tooling.Require(Dotnet), [FleetFiles.Agent, .. arguments], environment);

    /// <summary>Starts it as a user without any rights.</summary>
    public static Task<TargetProcess> StartAsNobodyAsync(params IReadOnlyList<string> arguments) => StartWithRightsAsync("", arguments);

    /// <summary>Starts it as a user with some rights.</summary>
    /// <param name="capabilities">Such as <c>,+bpf,+perfmon</c>.</param>
    /// <param name="arguments">Of the agent.</param>
    public static Task<TargetProcess> StartWithRightsAsync(string capabilities, params IReadOnlyList<string> arguments) => StartAsync(
        Tooling.Require(SetPriv),
        [
            "--reuid=65534", "--regid=65534", "--clear-groups", $"--inh-caps=-all{capabilities}", $"--ambient-caps=-all{capabilities}", "--",
            Tooling.Require(Dotnet), FleetFiles.Agent, .. arguments,
        ],
        Printing);

    private static Task<TargetProcess> StartAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        TargetProcess.StartAsync(new ProcessSpec(program, arguments) { Environment = environment });
}
