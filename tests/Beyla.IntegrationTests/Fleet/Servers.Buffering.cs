using System.Globalization;
using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Servers that read a request in full before the application hears of it.</summary>
internal static partial class Servers
{
    private const string Buffers = "the application hears of a request only when it is there in full";
    private static readonly Tool RubyTool = new("puma", "puma");
    private static readonly Tool PhpTool = new("php", "php-cli");

    public static ServerKind Ruby { get; } = new("ruby")
    {
        Tools = [RubyTool],
        Profile = new ServerProfile
        {
            Exclusions = new Dictionary<Feature, string>
            {
                [Feature.EarlyResponse] = Buffers,
                [Feature.AbortInRequest] = Buffers,
                [Feature.PipelinedContent] = "what comes in one read with the end of content is taken for a part of it (puma 5.6)",
            },
        },
        PrepareAsync = static (context, _) => Task.FromResult(
            // More threads than the load has connections: with all of them busy it ends connections in the middle of a pipeline.
            new ProcessSpec(
                Tooling.Require(RubyTool),
                ["--quiet", "--threads", "32:32", "--bind", RubyAddress(context), FleetFiles.Source("Servers/ruby/config.ru")])
            {
                Environment = new Dictionary<string, string> { ["TRUTH_FILE"] = context.TruthFile, ["RACK_ENV"] = "production" },
                WorkingDirectory = context.Directory,
            }),
    };

    public static ServerKind Php { get; } = new("php")
    {
        Tools = [PhpTool],
        Profile = new ServerProfile
        {
            Exclusions = new Dictionary<Feature, string>
            {
                [Feature.KeepAlive] = "it ends the connection after every answer",
                [Feature.Pipelining] = "it ends the connection after every answer",
                [Feature.ChunkedResponse] = "content of unknown length ends with the connection",
                [Feature.SplitHead] = "it ends the connection when a piece ends inside the path",
                [Feature.ExpectContinue] = "it does not answer with 100",
                [Feature.EarlyResponse] = Buffers,
                [Feature.AbortInRequest] = Buffers,
            },
        },
        PrepareAsync = static (context, _) => Task.FromResult(
            new ProcessSpec(Tooling.Require(PhpTool), ["-S", $"127.0.0.1:{Port(context)}", FleetFiles.Source("Servers/php/server.php")])
            {
                Environment = new Dictionary<string, string> { ["TRUTH_FILE"] = context.TruthFile },
                WorkingDirectory = context.Directory,
            }),
    };

    private static string RubyAddress(LaunchContext context) => context.Tls is { } tls
        ? $"ssl://127.0.0.1:{Port(context)}?cert={tls.Certificate}&key={tls.Key}"
        : $"tcp://127.0.0.1:{Port(context)}";

    private static string Port(LaunchContext context) => context.Port.ToString(CultureInfo.InvariantCulture);
}
