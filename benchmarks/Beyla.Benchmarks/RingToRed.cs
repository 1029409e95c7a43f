using BenchmarkDotNet.Attributes;
using Beyla.Capture;
using Beyla.Metrics;
using Beyla.Pipeline;
using Beyla.Protocols;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Benchmarks;

/// <summary>
/// What one reader thread does for an exchange: decode two records, frame, parse, find the route, record RED. The aim is
/// a million exchanges a second on one core, without allocation.
/// </summary>
[MemoryDiagnoser]
public class RingToRed
{
    private const int Exchanges = 10_000;

    private readonly byte[][] _records = RecordedExchange.Make(Exchanges, connections: 64, paths: 100);
    private RecordDecoder _decoder;
    private Reader _reader = null!;

    [GlobalSetup]
    public void Setup()
    {
        _reader = new Reader();
        _decoder = new RecordDecoder(_reader, new RecordCounters());
    }

    [Benchmark(OperationsPerInvoke = Exchanges)]
    public long Exchange()
    {
        foreach (var record in _records)
        {
            _decoder.OnRecord(record);
            RecordedExchange.Advance(record);
        }

        return _reader.Captured;
    }

    private sealed class Reader : ICaptureHandler, IConnectionVerdicts
    {
        private readonly ConnectionTable _connections;
        private readonly ExchangePipeline _pipeline;

        public Reader()
        {
            _pipeline = new ExchangePipeline(
                new RouteOptions { Patterns = { "/user/{id}/info" } }, new RedStore(), [], new MonotonicClock(TimeProvider.System), _ => { });
            _pipeline.Add(new ServiceInfo { ProcessId = RecordedExchange.ProcessId, Name = "shop", InstanceId = "host:4711" });
            _connections = new ConnectionTable(new ProtocolRegistry(), _pipeline, this, 1024);
        }

        public long Captured => _pipeline.Counters.Captured;

        public void OnSegment(ulong cookie, in SocketSegment segment) => _connections.OnSegment(cookie, in segment);

        public void OnEnd(ulong cookie, SocketEnd end, long timeNanoseconds) => _connections.OnEnd(cookie, end, timeNanoseconds);

        public void OnExec(int processId, int parentProcessId, ReadOnlySpan<byte> path) => throw new NotSupportedException();

        public void OnFork(int childProcessId, int parentProcessId) => throw new NotSupportedException();

        public void OnExit(int processId) => throw new NotSupportedException();

        public void OnListen(int processId, int port) => throw new NotSupportedException();

        public void Ignore(ulong cookie) => throw new NotSupportedException();

        public void Quiet(ulong cookie, SocketDirection direction, uint position) => throw new NotSupportedException();

        public void EnlargeHeads(int processId) => throw new NotSupportedException();
    }
}
