using System.Collections.Concurrent;
using System.Globalization;
using Beyla.Discovery;
using Beyla.Protocols.Grpc;
using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Telemetry;
using Beyla.Tracing;
using Microsoft.Extensions.Logging;

namespace Beyla.IntegrationTests.Capture;

/// <summary>A running session whose spans are kept for the test.</summary>
internal sealed class Observer : IAsyncDisposable
{
    private readonly ConcurrentQueue<HttpSpan> _spans = new();
    private readonly ConcurrentQueue<RpcSpan> _calls = new();

    private Observer(Action<BeylaOptions> configure, ITestOutputHelper output)
    {
        Session = InstrumentationSession.CreateBuilder()
            .Configure(configure)
            .UseLoggerFactory(LoggerFactory.Create(logging => logging.AddProvider(new OutputLoggerProvider(output)).SetMinimumLevel(LogLevel.Information)))
            .AddSink(new CallbackSpanSink(Keep))
            .Build();
    }

    public IInstrumentationSession Session { get; }

    public IReadOnlyCollection<HttpSpan> Spans => _spans;

    /// <summary>The gRPC calls.</summary>
    public IReadOnlyCollection<RpcSpan> Calls => _calls;

    /// <summary>Records that the kernel has handed over so far.</summary>
    public long RingRecords => Count("beyla.ring.records");

    /// <summary>Their bytes.</summary>
    public long RingBytes => Count("beyla.ring.read");

    /// <summary>Starts a session; skips the test where the kernel can't be observed from, and fails where it could.</summary>
    public static async Task<Observer> StartAsync(Action<BeylaOptions> configure, ITestOutputHelper output, CancellationToken cancellationToken)
    {
        Root.Require();
        var observer = new Observer(configure, output);
        await observer.Session.StartAsync(cancellationToken);
        return observer;
    }

    /// <summary>Observes whoever listens on a port, now or later.</summary>
    public static Task<Observer> OfPortAsync(int port, ITestOutputHelper output, CancellationToken cancellationToken) => StartAsync(
        options => options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(port) }), output, cancellationToken);

    /// <summary>The spans on one port, once <paramref name="expected"/> of them are there or nothing comes any more.</summary>
    public async Task<IReadOnlyList<HttpSpan>> SpansOfAsync(int port, int expected, CancellationToken cancellationToken)
    {
        await WaitForAsync(expected, Count, cancellationToken);

        // Stopping drains the ring and the queue: whatever was seen, invented spans included, is here then.
        await Session.StopAsync(cancellationToken);
        return [.. _spans.Where(span => span.Destination.Port == port)];

        int Count() => _spans.Count(span => span.Destination.Port == port);
    }

    /// <summary>The gRPC calls, once <paramref name="expected"/> of them are there or nothing comes any more.</summary>
    public async Task<IReadOnlyList<RpcSpan>> CallsAsync(int expected, CancellationToken cancellationToken)
    {
        await WaitForAsync(expected, () => _calls.Count, cancellationToken);
        await Session.StopAsync(cancellationToken);
        return [.. _calls];
    }

    /// <summary>Waits until there are as many as expected, or no more came for a while.</summary>
    private static async Task WaitForAsync(int expected, Func<int> count, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(5);
        var seen = count();
        var deadline = DateTime.UtcNow + patience;
        while (seen < expected && DateTime.UtcNow < deadline)
        {
            await Task.Delay(10, cancellationToken);
            var now = count();
            deadline = now > seen ? DateTime.UtcNow + patience : deadline;
            seen = now;
        }
    }

    /// <summary>Waits for the first span that fits.</summary>
    public async Task<HttpSpan> WaitForSpanAsync(Func<HttpSpan, bool> fits, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (DateTime.UtcNow < deadline)
        {
            if (_spans.FirstOrDefault(fits) is { } span)
            {
                return span;
            }

            await Task.Delay(5, cancellationToken);
        }

        throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"no such span among {_spans.Count}: {Describe()}"));
    }

    /// <summary>What the session says of itself, for a failed test's message.</summary>
    public string Describe()
    {
        var statistics = Session.GetStatistics();
        return $"captured {statistics.Captured}, exported {statistics.Exported}, drops [{string.Join(", ", statistics.Drops)}], "
            + $"losses [{string.Join(", ", statistics.Losses)}], unfollowed [{string.Join(", ", statistics.Unfollowed)}]";
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private long Count(string counter) =>
        (long)TelemetryValues.Of(Session.Telemetry).ByInstrument.Single(pair => pair.Key.Name == counter).Value.Sum(static value => value.Value);

    private void Keep(Span span)
    {
        if (span is RpcSpan call)
        {
            _calls.Enqueue(call);
        }
        else
        {
            _spans.Enqueue((HttpSpan)span);
        }
    }
}
