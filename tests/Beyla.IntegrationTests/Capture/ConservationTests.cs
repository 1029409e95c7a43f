using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Beyla.Discovery;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Prometheus;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Protocols.Http;
using Beyla.Routing;
using Beyla.Telemetry;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>captured = exported + filtered + sampled + dropped, and nothing is lost without a trace, whatever breaks.</summary>
[Trait("kind", "capture")]
public sealed class ConservationTests(ITestOutputHelper output)
{
    private const int Overload = 6000;
    private const int CalmUsers = 60;
    private const int CalmNotFound = 10;

    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly CountingSink _quick = new(static (_, _) => Task.CompletedTask);
    private readonly CountingSink _blocked = new(static (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken));
    private readonly CountingSink _failing = new(static (batch, _) => batch % 2 == 0 ? throw new InvalidOperationException("no") : Task.CompletedTask);
    private readonly CountingSink _slow = new(static (_, cancellationToken) => Task.Delay(20, cancellationToken));

    [Fact]
    public async Task Everything_is_accounted_for_with_a_tiny_ring_and_sinks_that_block_fail_and_dawdle()
    {
        Root.Require();
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var server = await FleetServer.StartAsync(Servers.C, Cancellation);
        await using var mute = await OddServer.StartAsync("mute", Cancellation);
        SessionStatistics statistics;
        TelemetryValues telemetry;
        int asked;
        var session = Build([server.Endpoint.Port, mute.Port], (IPEndPoint)deaf.LocalEndpoint);
        await using (session)
        {
            await session.StartAsync(Cancellation);
            using var watching = new CancellationTokenSource();
            var watcher = WatchAsync(session, watching.Token);
            asked = await PlayAsync(server, session);
            await LoseAProcessAsync(mute, session);
            await watching.CancelAsync();
            Assert.True(await watcher > 10, "Nobody watched.");

            await session.StopAsync(Cancellation);
            statistics = session.GetStatistics();
            telemetry = TelemetryValues.Of(session.Telemetry);
            output.WriteLine($"{asked} requests, {statistics}, losses [{string.Join(", ", statistics.Losses)}]");
            ExpectBalance(statistics, RequestCount.Of(session.Metrics));
            ExpectTruth(statistics, asked);
        }

        ExpectSinks(statistics);
        ExpectTelemetry(telemetry, statistics);
        ExpectCollectorAccount(TelemetryValues.Of(session.Telemetry), statistics.Sinks[4].Received);
    }

    [Fact]
    public async Task Telemetry_may_be_asked_for_at_any_moment_of_a_session_s_life()
    {
        Root.Require();
        for (var i = 0; i < 5; i++)
        {
            var session = InstrumentationSession.CreateBuilder()
                .Configure(static options =>
                {
                    options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(1) });
                    options.Capture.StatisticsInterval = TimeSpan.Zero;
                })
                .AddSink(_quick)
                .Build();
            using var ending = new CancellationTokenSource();
            var seesKernel = new bool[2];
            var collecting = seesKernel.Select((_, number) => Task.Run(() =>
            {
                while (!ending.IsCancellationRequested)
                {
                    var seen = TelemetryValues.Of(session.Telemetry).ByInstrument.Select(static pair => pair.Key.Name).ToHashSet();
                    Volatile.Write(ref seesKernel[number], seen.IsSupersetOf(["beyla.ring.used", "beyla.bpf.map.entries", "beyla.bpf.probe.misses"]));
                    Assert.Contains("beyla.exchanges.captured", seen);
                }
            })).ToArray();

            await session.StartAsync(Cancellation);
            await Poll.UntilAsync(() => collecting.Any(static task => task.IsFaulted) || seesKernel.All(static sees => sees), static () => "nothing is told of the kernel", Cancellation);
            await session.StopAsync(Cancellation);
            await session.DisposeAsync();
            await Poll.UntilAsync(() => collecting.Any(static task => task.IsFaulted) || !seesKernel.Any(static sees => sees), static () => "what is gone is still told", Cancellation);
            await ending.CancelAsync();
            await Task.WhenAll(collecting);
        }
    }

    private IInstrumentationSession Build(int[] ports, IPEndPoint collector) => InstrumentationSession.CreateBuilder()
        .Configure(options =>
        {
            foreach (var port in ports)
            {
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(port) });
            }

            options.Capture.RingBufferBytes = 65536;
            options.Capture.PollInterval = TimeSpan.FromSeconds(1);
            options.SinkQueueCapacity = 2000;
            options.SinkBatchSize = 10;
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(500);

            // Users are in no metric, so that a span which is sampled out went nowhere; what was not found is in nothing at all.
            options.Routes.IgnoredPatterns.Add("/user/*");
            options.Routes.IgnoreMode = RouteIgnoreMode.Metrics;
            options.Sampler = Sampler.TraceIdRatio(0.5);
            options.Filters.Add(new AttributeFilter { Attribute = "http.response.status_code", NotEqualTo = 404 });
        })
        .AddSink(_quick)
        .AddSink(_blocked)
        .AddSink(_failing)
        .AddSink(_slow)
        .AddSink(new OtlpTraceSink(new OtlpExporterOptions
        {
            Traces =
            {
                Endpoint = new Uri($"http://{collector}"),
                Protocol = OtlpProtocol.HttpProtobuf,
                QueueSize = 40,
                MaxBatchSize = 20,
                BatchTimeout = TimeSpan.FromMilliseconds(10),
                Timeout = TimeSpan.FromMilliseconds(100),
            },
            RetryInitialInterval = TimeSpan.FromMilliseconds(10),
            RetryMaxElapsedTime = TimeSpan.FromMilliseconds(150),
        }))
        .Build();

    /// <summary>More than the ring can hold, then a few that it can.</summary>
    /// <returns>Requests that the server has in its log.</returns>
    private static async Task<int> PlayAsync(FleetServer server, IInstrumentationSession session)
    {
        var overload = await server.PlayAsync(LoadMix.Of(Plans(1, Overload), workers: 16), Cancellation);
        await SettleAsync(session);
        var before = session.GetStatistics().Captured;
        var calm = await server.PlayAsync(LoadMix.Of(CalmPlans(Overload + 1), workers: 1), Cancellation);
        await Poll.UntilAsync(() => session.GetStatistics().Captured == before + CalmUsers + CalmNotFound, () => $"{session.GetStatistics()} after {before}", Cancellation);
        Assert.Equal(Overload + CalmUsers + CalmNotFound, calm.Server.Count);
        Assert.Equal(Overload, overload.Server.Count);
        return calm.Server.Count;
    }

    private static IEnumerable<ExchangePlan> Plans(int first, int count) => Enumerable.Range(first, count).Select(static id => new ExchangePlan
    {
        Id = id,
        Path = string.Create(CultureInfo.InvariantCulture, $"/{((id % 3) == 0 ? "user" : "status/200")}/{id}"),
    });

    /// <summary>One after the other with pauses, so that no more than a few are in the ring at once.</summary>
    private static IEnumerable<ExchangePlan> CalmPlans(int first) => Enumerable.Range(0, CalmUsers + CalmNotFound).Select(number => new ExchangePlan
    {
        Id = first + number,
        Path = string.Create(CultureInfo.InvariantCulture, $"/{(number < CalmUsers ? "user" : "status/404")}/{first + number}"),
        Status = number < CalmUsers ? 200 : 404,
        Delay = TimeSpan.FromMilliseconds(5),
    });

    /// <summary>Waits until the reader has emptied the ring.</summary>
    private static Task SettleAsync(IInstrumentationSession session) => Poll.UntilAsync(
        () => Value(TelemetryValues.Of(session.Telemetry), "beyla.ring.used") == 0, static () => "the ring is never empty", Cancellation);

    /// <summary>A process that is detached while a request is open: nobody is there to take the exchange.</summary>
    private static async Task LoseAProcessAsync(OddServer mute, IInstrumentationSession session)
    {
        using (var connection = await Requests.ConnectAsync(mute.Endpoint, Cancellation))
        {
            await connection.SendAsync("GET /detached HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancellation);
            await Poll.UntilAsync(() => mute.Process.Output.Contains("done", StringComparison.Ordinal), static () => "not read", Cancellation);
            await SettleAsync(session);
            await session.DetachAsync(mute.Process.Id, Cancellation);
        }

        await Poll.UntilAsync(() => session.GetStatistics().Dropped == 1, () => session.GetStatistics().ToString(), Cancellation);
    }

    /// <summary>Asks for all there is to ask, again and again: nobody may fail for it, and counts only grow.</summary>
    /// <returns>How often.</returns>
    private static Task<int> WatchAsync(IInstrumentationSession session, CancellationToken end) => Task.Run(() =>
    {
        var times = 0;
        var last = new Dictionary<(string, string), double>();
        for (; !end.IsCancellationRequested; times++)
        {
            foreach (var (instrument, values) in TelemetryValues.Of(session.Telemetry).ByInstrument.Where(static pair => pair.Key.Kind == TelemetryInstrumentKind.Counter))
            {
                foreach (var (value, attributes) in values)
                {
                    var key = (instrument.Name, string.Join(',', attributes));
                    Assert.True(value >= last.GetValueOrDefault(key), $"{key} fell from {last.GetValueOrDefault(key)} to {value}");
                    last[key] = value;
                }
            }

            new RedMetricsPage(session.Metrics).Write(new PrometheusTextWriter(new ArrayBufferWriter<byte>()));
            Thread.Sleep(10);
        }

        return times;
    }, CancellationToken.None);

    private void ExpectBalance(SessionStatistics statistics, long inMetrics)
    {
        Assert.Equal(statistics.Captured, statistics.Exported + statistics.Filtered + statistics.Sampled + statistics.Dropped);
        Assert.Equal([new SessionDrop("unknown_process", 1)], statistics.Drops);
        Assert.Equal(CalmNotFound, statistics.Filtered);
        Assert.InRange(statistics.Sampled, 1, statistics.Captured);

        // Exported is who is in the metrics, and who is in no metric but with the sinks: counted where they arrived.
        var users = _quick.Taken.Count(static span => ((HttpSpan)span).Path?.StartsWith("/user/", StringComparison.Ordinal) == true);
        Assert.InRange(users, 1, statistics.Exported);
        Assert.Equal(statistics.Exported, inMetrics + users);
    }

    /// <summary>What the server answered and nobody saw has left evidence: the records of each lost exchange found the ring full.</summary>
    private static void ExpectTruth(SessionStatistics statistics, int asked)
    {
        var ringFull = statistics.Losses.Single(static loss => loss.Reason == "ring_full").Count;
        var ofServer = statistics.Captured - statistics.Dropped;
        Assert.InRange(ofServer, CalmUsers + CalmNotFound + 1, asked - 1);
        Assert.InRange(asked - ofServer, 1, ringFull);
        Assert.Contains(statistics.Limitations, static limitation => limitation.Contains("Capture.RingBufferBytes", StringComparison.Ordinal));
    }

    private void ExpectSinks(SessionStatistics statistics)
    {
        CountingSink[] own = [_quick, _blocked, _failing, _slow];
        for (var i = 0; i < own.Length; i++)
        {
            var sink = statistics.Sinks[i];
            Assert.Equal((0, sink.Received), (sink.Queued, sink.Exported + sink.Dropped + sink.Failed));
            Assert.Equal((own[i].Taken.Count, own[i].Refused), (sink.Exported, sink.Failed));
            Assert.Equal(statistics.Sinks[0].Received, sink.Received);
        }

        Assert.Equal((statistics.Sinks[0].Received, 0), (_quick.Taken.Count, _quick.Refused));
        Assert.Empty(_blocked.Taken);
        Assert.True(statistics.Sinks[1].Dropped > 0, "Nothing was dropped.");
        Assert.True(_failing is { Refused: > 0, Taken.Count: > 0 });
    }

    /// <summary>The numbers that are exported are those of the account.</summary>
    private static void ExpectTelemetry(TelemetryValues telemetry, SessionStatistics statistics)
    {
        Assert.Equal(
            (statistics.Captured, statistics.Exported, statistics.Filtered, statistics.Sampled, statistics.Dropped),
            ((long)Value(telemetry, "beyla.exchanges.captured"), (long)Value(telemetry, "beyla.exchanges.exported"), (long)Value(telemetry, "beyla.exchanges.filtered"),
                (long)Value(telemetry, "beyla.exchanges.sampled"), (long)Value(telemetry, "beyla.exchanges.dropped")));
        Assert.Equal(statistics.Losses.Sum(static loss => loss.Count), Value(telemetry, "beyla.losses"));
        Assert.Equal(statistics.Sinks.Sum(static sink => sink.Received), Value(telemetry, "beyla.sink.spans") + Value(telemetry, "beyla.sink.queued.spans"));
    }

    /// <summary>Towards a collector that takes connections and never answers, every span is given up for a reason.</summary>
    private static void ExpectCollectorAccount(TelemetryValues telemetry, long received)
    {
        Assert.Equal((0, 0), (Value(telemetry, "beyla.otel.trace.exports"), Value(telemetry, "beyla.otel.trace.queued")));
        Assert.Equal(received, Value(telemetry, "beyla.otel.trace.drops"));
        Assert.True(Value(telemetry, "beyla.otel.trace.drops", "queue_full") > 0, "The queue was never full.");
        Assert.True(Value(telemetry, "beyla.otel.trace.export.errors", "timeout") > 0, "Nobody waited.");
    }

    private static double Value(TelemetryValues telemetry, string name, string? attribute = null) =>
        telemetry.ByInstrument.Single(pair => pair.Key.Name == name).Value.Where(value => attribute is null || value.Attributes[0] == attribute).Sum(static value => value.Value);
}
