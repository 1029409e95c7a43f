using Beyla.Capture;
using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Pipeline;
using Beyla.Protocols;
using Beyla.Protocols.Tls;
using Beyla.Tracing;

namespace Beyla.Benchmarks;

/// <summary>The reader thread's work from the record on, as a session puts it together, without a kernel.</summary>
internal sealed class ReaderOfRecords : ICaptureHandler, IConnectionVerdicts, ITlsSource
{
    private readonly ConnectionTable _connections;
    private readonly ExchangePipeline _pipeline;

    public ReaderOfRecords(BeylaOptions options, params IReadOnlyList<SinkQueue> sinks)
    {
        _pipeline = new ExchangePipeline(options, new RedStore(options.Metrics, attributes: options.Attributes), sinks, new MonotonicClock(TimeProvider.System), _ => true);
        _pipeline.Add(new ServiceInfo { ProcessId = RecordedTraffic.ProcessId, Name = "shop", InstanceId = "host:4711" }, ProcessSettings.Default);
        _connections = new ConnectionTable(new ProtocolRegistry(), _pipeline, this, new TlsSessions(this, this, 1024), 1024);
        Decoder = new RecordDecoder(this, new RecordCounters());
    }

    public RecordDecoder Decoder { get; }

    public long Exported => _pipeline.Counters.Exported;

    public void OnSegment(ulong cookie, in SocketSegment segment) => _connections.OnSegment(cookie, in segment);

    public void OnEnd(ulong cookie, SocketEnd end, long timeNanoseconds) => _connections.OnEnd(cookie, end, timeNanoseconds);

    public void OnExec(int processId, int parentProcessId, ReadOnlySpan<byte> path) => throw new NotSupportedException();

    public void OnFork(int childProcessId, int parentProcessId) => throw new NotSupportedException();

    public void OnExit(int processId) => throw new NotSupportedException();

    public void OnListen(int processId, int port) => throw new NotSupportedException();

    public void OnPlaintext(ulong session, in PlaintextOrigin origin, in SocketSegment segment) => throw new NotSupportedException();

    public void OnSessionEnd(ulong session, SocketEnd end, long timeNanoseconds) => throw new NotSupportedException();

    public void OnCiphertext(ulong session, int processId, SocketDirection direction, ReadOnlySpan<byte> bytes, long timeNanoseconds) =>
        throw new NotSupportedException();

    public void Ignore(ulong cookie) => throw new NotSupportedException();

    public void Silence(ulong cookie) => throw new NotSupportedException();

    public void Listen(ulong cookie) => throw new NotSupportedException();

    public void Quiet(ulong cookie, SocketDirection direction, uint position) => throw new NotSupportedException();

    public void EnlargeHeads(int processId) => throw new NotSupportedException();

    public TlsCoverage CoverageOf(int processId, long nowNanoseconds) => TlsCoverage.None;

    public void WantCiphertext(int processId, long nowNanoseconds) => throw new NotSupportedException();
}
