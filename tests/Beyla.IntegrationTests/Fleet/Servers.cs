using System.Globalization;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>The servers of the fleet. To add one: its program under Servers/, its kind here, its name in the fleet tests.</summary>
internal static partial class Servers
{
    private static readonly Tool PythonTool = new("/usr/bin/python3", "python3");
    private static readonly Tool NodeTool = new("node", "nodejs");
    private static readonly Tool DotnetTool = new("dotnet", "dotnet-sdk-10.0");

    public static ServerKind Python { get; } = new("python")
    {
        Tools = [PythonTool],
        PrepareAsync = static (context, _) => Interpreted(PythonTool, "Servers/python/server.py", context),
    };

    public static ServerKind Node { get; } = new("node")
    {
        Tools = [NodeTool],
        PrepareAsync = static (context, _) => Interpreted(NodeTool, "Servers/node/server.js", context),
    };

    public static ServerKind Kestrel { get; } = new("kestrel")
    {
        Tools = [DotnetTool],
        PrepareAsync = static (context, _) => Task.FromResult(
            new ProcessSpec(Tooling.Require(DotnetTool), [FleetFiles.Program("KestrelServer"), .. Arguments(context)])
            {
                WorkingDirectory = context.Directory,
            }),
    };

    private static Task<ProcessSpec> Interpreted(Tool interpreter, string script, LaunchContext context) =>
        Task.FromResult(new ProcessSpec(Tooling.Require(interpreter), [FleetFiles.Source(script), .. Arguments(context)]));

    private static string[] Arguments(LaunchContext context) => [context.Port.ToString(CultureInfo.InvariantCulture), context.TruthFile];
}
