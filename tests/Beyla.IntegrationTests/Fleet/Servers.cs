using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>The servers of the fleet. To add one: its program under Servers/, its kind here, its name in the fleet tests.</summary>
internal static partial class Servers
{
    private const string EndsConnection = "it ends the connection after it";

    private static readonly Tool PythonTool = new("/usr/bin/python3", "python3");
    private static readonly Tool NodeTool = new("node", "nodejs");
    private static readonly Tool DotnetTool = new("dotnet", "dotnet-sdk-10.0");
    private static readonly Tool NginxTool = new("nginx", "nginx");
    private static readonly Tool ApacheTool = new("/usr/sbin/apache2", "apache2-bin");
    private static readonly Tool UvicornTool = new("/usr/lib/python3/dist-packages/uvicorn/main.py", "python3-uvicorn");

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
                // Which of both it is can be agreed on only by TLS.
                Environment = new Dictionary<string, string> { ["PROTOCOL"] = !context.IsHttp2 ? "Http1" : context.Tls is null ? "Http2" : "Http1AndHttp2" },
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

    /// <summary>One process and thread that is a server and, by connections that it keeps, a client of another server; both by HTTPS.</summary>
    public static ServerKind ProxyTo(FleetServer upstream) => new("nginx-proxy")
    {
        IsSecure = true,
        Tools = [NginxTool],
        PrepareAsync = (context, _) => Task.FromResult(
            new ProcessSpec(Tooling.Require(NginxTool), ["-p", context.Directory, "-c", NginxConfig.WriteProxy(context, upstream)]) { DeathSignal = "TERM" }),
    };

    public static ServerKind Apache { get; } = new("apache")
    {
        Tools = [ApacheTool],
        Profile = new ServerProfile
        {
            Exclusions = new Dictionary<Feature, string>
            {
                [Feature.ExpectContinue] = "content is thrown away without having been asked for",
                [Feature.EarlyResponse] = "an answer waits until content has been thrown away",
            },
            Unlogged = new Dictionary<TruthField, string> { [TruthField.RequestBytes] = "content that is thrown away is not counted" },
            MayNotLogAborted = "a connection that is reset before a worker has read the head is closed without a line",
            ExcludedStatuses = new Dictionary<int, string>
            {
                [418] = "it does not know it and answers with 500",
                [400] = EndsConnection,
                [500] = EndsConnection,
                [501] = EndsConnection,
                [503] = EndsConnection,
            },
        },
        PrepareAsync = static (context, _) => Task.FromResult(
            new ProcessSpec(Tooling.Require(ApacheTool), ["-DFOREGROUND", "-f", ApacheConfig.Write(context)]) { DeathSignal = "TERM" }),
        ReadLog = TruthLog.ReadWallClockServer,
    };

    /// <summary>A Python server of one thread, on the standard library's event loop.</summary>
    public static ServerKind Asyncio { get; } = Uvicorn("asyncio");

    /// <summary>The same on libuv, which gathers what is written.</summary>
    public static ServerKind Uvloop { get; } = Uvicorn("uvloop");

    private static ServerKind Uvicorn(string loop) => new($"uvicorn-{loop}")
    {
        Tools = [UvicornTool],
        PrepareAsync = async (context, _) => await Interpreted(PythonTool, "Servers/uvicorn/server.py", context) with
        {
            Environment = new Dictionary<string, string> { ["LOOP"] = loop },
        },
    };

    private static Task<ProcessSpec> Interpreted(Tool interpreter, string script, LaunchContext context) =>
        Task.FromResult(new ProcessSpec(Tooling.Require(interpreter), [FleetFiles.Source(script), .. Arguments(context)]));

    private static string[] Arguments(LaunchContext context) =>
        context.Tls is { } tls ? [Port(context), context.TruthFile, tls.Certificate, tls.Key] : [Port(context), context.TruthFile];
}
