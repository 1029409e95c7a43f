using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>The servers of the fleet. To add one: its program under Servers/, its kind here, its name in the fleet tests.</summary>
internal static partial class Servers
{
    private static readonly Tool PythonTool = new("/usr/bin/python3", "python3");
    private static readonly Tool NodeTool = new("node", "nodejs");
    private static readonly Tool DotnetTool = new("dotnet", "dotnet-sdk-10.0");
    private static readonly Tool NginxTool = new("nginx", "nginx");

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
        Profile = new ServerProfile { MayNotLogAborted = "a request that has come together with the end of its connection is dropped before the handler" },
        PrepareAsync = static (context, _) => Task.FromResult(
            new ProcessSpec(Tooling.Require(DotnetTool), [FleetFiles.Program("KestrelServer"), .. Arguments(context)])
            {
                WorkingDirectory = context.Directory,
            }),
    };

    public static ServerKind Nginx { get; } = new("nginx")
    {
        Tools = [NginxTool],
        Profile = new ServerProfile
        {
            Exclusions = new Dictionary<Feature, string>
            {
                [Feature.Delay] = "it has no way to wait",
                [Feature.ExpectContinue] = "it answers from a file at once, without asking for the content",
            },
            Unlogged = new Dictionary<TruthField, string>
            {
                [TruthField.RequestBytes] = "content that is thrown away is not counted",
                [TruthField.ResponseBytes] = "with chunks it counts their framing",
            },
            // It writes the time at which a turn of its event loop began, and a turn is long when the machine is busy.
            LogPrecision = TimeSpan.FromMilliseconds(100),
        },
        // It has workers of its own to end.
        PrepareAsync = static (context, _) => Task.FromResult(
            new ProcessSpec(Tooling.Require(NginxTool), ["-p", context.Directory, "-c", NginxConfig.Write(context)]) { DeathSignal = "TERM" }),
        ReadLog = NginxLog.Read,
    };

    private static Task<ProcessSpec> Interpreted(Tool interpreter, string script, LaunchContext context) =>
        Task.FromResult(new ProcessSpec(Tooling.Require(interpreter), [FleetFiles.Source(script), .. Arguments(context)]));

    private static string[] Arguments(LaunchContext context) =>
        context.Tls is { } tls ? [Port(context), context.TruthFile, tls.Certificate, tls.Key] : [Port(context), context.TruthFile];
}
