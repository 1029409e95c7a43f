using System.Text;
using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols;

/// <summary>A tracked connection and the copies of what it emitted.</summary>
internal sealed class Observer : IExchangeSink
{
    private readonly ProtocolRegistry _registry = new();

    internal Observer() => Connection = _registry.Rent();

    internal TrackedConnection Connection { get; }

    internal ProtocolCounters Counters => _registry.Counters;

    internal List<Seen> Exchanges { get; } = [];

    public void Emit(Exchange exchange)
    {
        var http = (HttpExchange)exchange;
        Exchanges.Add(new Seen(
            http.Kind,
            Encoding.Latin1.GetString(http.Method),
            Encoding.Latin1.GetString(http.Path),
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
        Assert.Equal(Packet.ProcessId, http.ProcessId);
        Assert.Equal(http.Kind == SpanKind.Server ? Packet.Remote : Packet.Local, http.Source);
        Assert.Equal(http.Kind == SpanKind.Server ? Packet.Local : Packet.Remote, http.Destination);
    }

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
