using BenchmarkDotNet.Attributes;
using Beyla.Pipeline;
using Beyla.Sinks;
using Beyla.Tracing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla.Benchmarks;

/// <summary>
/// What one reader thread does for an exchange: decode two records, frame, parse, find the route, record RED. The aim is
/// a million exchanges a second on one core, without allocation unless a sink wants spans.
/// </summary>
[MemoryDiagnoser]
public class RingToRed
{
    private const int Exchanges = 10_000;

    private readonly RecordedTraffic _traffic = new(Exchanges, connections: 64, paths: 100);
    private ReaderOfRecords _reader = null!;
    private SinkQueue? _queue;

    [GlobalSetup(Target = nameof(Exchange))]
    public void SetUp() => SetUp([]);

    [GlobalSetup(Target = nameof(ExchangeAndSpan))]
    public void SetUpSink() => SetUp([_queue = new SinkQueue("none", new ForgetfulSink(), capacity: 4096, batchSize: 512, NullLogger.Instance)]);

    [GlobalCleanup]
    public async Task CleanUp()
    {
        if (_queue is not null)
        {
            await _queue.DisposeAsync();
        }
    }

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public long Exchange() => Read();

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public long ExchangeAndSpan() => Read();

    private void SetUp(SinkQueue[] sinks)
    {
        _reader = new ReaderOfRecords(new BeylaOptions { Routes = { Patterns = { "/user/{id}/info" } } }, sinks);
        // A pass that loses an exchange is another program than the one to be measured.
        if (Read() != Exchanges)
        {
            throw new InvalidOperationException($"Of {Exchanges} exchanges {_reader.Exported} came through.");
        }
    }

    private long Read()
    {
        var decoder = _reader.Decoder;
        foreach (var record in _traffic.Records)
        {
            decoder.OnRecord(record);
            _traffic.Advance(record);
        }

        return _reader.Exported;
    }

    private sealed class ForgetfulSink : ISpanSink
    {
        public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken) => default;
    }
}
