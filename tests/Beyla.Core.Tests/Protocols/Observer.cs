using System.Text;
using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Protocols.Grpc;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols;

/// <summary>A tracked connection and the copies of what it emitted.</summary>
internal sealed class Observer : IExchangeSink
{
    private readonly ProtocolRegistry _registry;

    internal Observer()
        : this(new ProtocolRegistry())
    {
    }

    /// <summary>One of several connections that are followed together.</summary>
    internal Observer(ProtocolRegistry registry)
    {
        _registry = registry;
        Connection = registry.Rent();
    }

    internal TrackedConnection Connection { get; }

    internal ProtocolCounters Counters => _registry.Counters;

    internal List<Seen> Exchanges { get; } = [];

    /// <summary>The gRPC calls.</summary>
    internal List<SeenCall> Calls { get; } = [];

    public void Emit(Exchange exchange)
    {
        if (exchange is GrpcExchange call)
        {
            Calls.Add(new SeenCall(
                call.Kind,
                Encoding.Latin1.GetString(call.Path),
                Encoding.Latin1.GetString(call.Host),
                call.StatusCode,
                call.HttpStatusCode,
                call.RequestMessages,
                call.RequestBytes,
                call.ResponseMessages,
                call.ResponseBytes,
                call.End,
                call.StartNanoseconds,
                call.EndNanoseconds,
                call.TraceParent));
        }
        else
        {
            Add((HttpExchange)exchange);
        }

        Assert.Equal(Packet.ProcessId, exchange.ProcessId);
        Assert.Equal(exchange.Kind == SpanKind.Server ? Packet.Remote : Packet.Local, exchange.Source);
        Assert.Equal(exchange.Kind == SpanKind.Server ? Packet.Local : Packet.Remote, exchange.Destination);
    }

    private void Add(HttpExchange http) =>
        Exchanges.Add(new Seen(
            http.Kind,
            Encoding.Latin1.GetString(http.Method),
            http.HasPath ? Encoding.Latin1.GetString(http.Path) : null,
            Encoding.Latin1.GetString(http.Host),
            http.PathTruncated,
            http.StatusCode,
            http.ProtocolVersion,
            http.RequestBodySize,
            http.ResponseBodySize,
            http.End,
            http.StartNanoseconds,
            http.RequestEndNanoseconds,
            http.ResponseStartNanoseconds,
            http.EndNanoseconds,
            http.TraceParent));

    internal Observer Feed(IEnumerable<Packet> packets)
    {
        foreach (var packet in packets)
        {
            Connection.OnSegment(packet.ToSegment(), this);
        }

        return this;
    }

    internal Observer End(SocketEnd end, long time = 1_000_000)
    {
        Connection.OnEnd(end, time, this);
        return this;
    }

    internal static Observer Of(IEnumerable<Packet> packets) => new Observer().Feed(packets);
}
