using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>The agent as a process of its own.</summary>
internal static class AgentProcess
{
    private static readonly Tool Dotnet = new("dotnet", "dotnet-sdk-10.0");
    private static readonly Tool SetPriv = new("setpriv", "util-linux");

    public static Task<TargetProcess> StartAsync(params IReadOnlyList<string> arguments) =>
        StartAsync(Tooling.Require(Dotnet), [FleetFiles.Agent, .. arguments]);

    /// <summary>Starts it as a user without any rights.</summary>
    public static Task<TargetProcess> StartAsNobodyAsync(params IReadOnlyList<string> arguments) => StartAsync(
        Tooling.Require(SetPriv),
        ["--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--", Tooling.Require(Dotnet), FleetFiles.Agent, .. arguments]);

    private static Task<TargetProcess> StartAsync(string program, IReadOnlyList<string> arguments) =>
        TargetProcess.StartAsync(new ProcessSpec(program, arguments)
        {
            Environment = new Dictionary<string, string> { ["BEYLA_PRINT_TRACES"] = "true" },
        });
}
