using System.Globalization;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>A client program that has its plan and waits to be let go.</summary>
internal sealed class FleetClient : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly FleetServer _server;
    private readonly IReadOnlyList<ExchangePlan> _plans;

    private FleetClient(TemporaryDirectory directory, FleetServer server, IReadOnlyList<ExchangePlan> plans, TargetProcess process)
    {
        _directory = directory;
        _server = server;
        _plans = plans;
        Process = process;
    }

    public TargetProcess Process { get; }

    private string TruthFile => TruthIn(_directory);

    /// <summary>Starts the program; it makes no request of the plan before <see cref="RunAsync"/>, and connects before it only if it is to be warm.</summary>
    public static async Task<FleetClient> StartAsync(ClientKind kind, FleetServer server, IReadOnlyList<ExchangePlan> plans, int workers = 12, bool isWarm = false)
    {
        var directory = new TemporaryDirectory();
        try
        {
            var planFile = directory.File("plan.jsonl");
            ClientPlans.Write(planFile, plans);
            var program = await kind.PrepareAsync(
                [server.Url.GetLeftPart(UriPartial.Authority), planFile, TruthIn(directory), workers.ToString(CultureInfo.InvariantCulture)],
                TestContext.Current.CancellationToken);
            var process = await TargetProcess.StartAsync(program with { Environment = Surroundings(server, isWarm) });
            await Capture.Poll.UntilAsync(() => !isWarm || process.Output.Contains("warm", StringComparison.Ordinal), () => process.Output, TestContext.Current.CancellationToken);
            return new FleetClient(directory, server, plans, process);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Lets the program make its requests and brings together what both ends know of them.</summary>
    /// <exception cref="LoadException">The program got another answer than the plan asks for.</exception>
    public async Task<FleetRun> RunAsync(CancellationToken cancellationToken)
    {
        Process.WriteLine("go");
        var code = await Process.WaitForExitAsync(cancellationToken);
        if (code != 0)
        {
            throw new InvalidOperationException($"The client ended with {code}:\n{Process.Output}");
        }

        var answers = TruthLog.ReadClient(TruthFile).ToDictionary(static e => e.Id!, static e => e.Seen, StringComparer.Ordinal);
        TruthRecord[] client = [.. _plans.Select(plan => Check(plan, answers))];
        return new FleetRun(client, await _server.WaitForLogAsync(client, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _directory.Dispose();
    }

    private static string TruthIn(TemporaryDirectory directory) => directory.File("truth.jsonl");

    private static Dictionary<string, string> Surroundings(FleetServer server, bool isWarm)
    {
        var variables = new Dictionary<string, string>();
        if (server.CertificateFile is { } certificate)
        {
            // OpenSSL, and .NET with it, read the one variable, Node the other.
            variables["SSL_CERT_FILE"] = certificate;
            variables["NODE_EXTRA_CA_CERTS"] = certificate;
        }

        if (server.Kind.IsHttp2)
        {
            variables["PROTOCOL"] = "Http2";
        }

        if (isWarm)
        {
            variables["WARM"] = "1";
        }

        return variables;
    }

    private static TruthRecord Check(ExchangePlan plan, Dictionary<string, Observation> answers)
    {
        if (!answers.TryGetValue(plan.Key, out var answer))
        {
            throw new LoadException(plan, "no answer");
        }

        if (answer.Status != plan.Status || answer.RequestBytes != plan.RequestBytes || answer.ResponseBytes != plan.ContentBytes)
        {
            throw new LoadException(plan, $"answered by {answer}");
        }

        return new TruthRecord
        {
            Id = plan.Key,
            Method = answer.Method,
            Path = answer.Path,
            Status = plan.Status,
            RequestBytes = plan.RequestBytes,
            ResponseBytes = plan.ContentBytes,
            Sequence = plan.Id,
            Outer = answer.Time,
        };
    }
}
