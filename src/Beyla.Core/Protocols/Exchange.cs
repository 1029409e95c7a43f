using Beyla.Attributes;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Protocols;

/// <summary>
/// A request and its response as a protocol tracker saw them. The object is on lease: a tracker fills the same one again
/// for the next exchange, so nothing of it may be kept beyond <see cref="IExchangeSink.Emit"/>.
/// A class with virtual members and not a generic ref struct, because generic virtual calls are dear under NativeAOT.
/// </summary>
internal abstract class Exchange
{
    public SpanKind Kind { get; set; }

    /// <summary>Process that moved the request's first byte.</summary>
    public int ProcessId { get; set; }

    /// <summary>Who opened the conversation: the sender of requests.</summary>
    public SocketEndpoint Source { get; set; }

    public SocketEndpoint Destination { get; set; }

    /// <summary>CLOCK_MONOTONIC of the segment with the request's first byte.</summary>
    public long StartNanoseconds { get; set; }

    /// <summary>CLOCK_MONOTONIC of the segment with the request's last byte, or of the last one seen before the response began.</summary>
    public long RequestEndNanoseconds { get; set; }

    /// <summary>CLOCK_MONOTONIC of the segment with the final response's first byte; 0 when no response was seen.</summary>
    public long ResponseStartNanoseconds { get; set; }

    /// <summary>CLOCK_MONOTONIC of the segment with the response's last byte, or of the connection's end.</summary>
    public long EndNanoseconds { get; set; }

    public SpanEnd End { get; set; }

    /// <summary>Whether it went through TLS.</summary>
    public bool IsEncrypted { get; set; }

    /// <summary>What the request says of the trace that it belongs to.</summary>
    public TraceParent TraceParent { get; set; }

    /// <summary>What routes are matched against; empty for protocols without paths.</summary>
    public abstract ReadOnlySpan<byte> RoutePath { get; }

    /// <summary>Whether the path exists in the service, so that route learning may learn of it: what scanners ask for must not shape routes.</summary>
    public abstract bool IsPathReal { get; }

    /// <summary>Records the exchange into the RED metrics of its service.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="route">The route found for <see cref="RoutePath"/>; <see langword="null"/> for none.</param>
    /// <param name="strings">Text of earlier exchanges, so that recording allocates nothing once a series exists.</param>
    /// <param name="exemplar">The span that stands for the values; <c>default</c> for none.</param>
    /// <returns>Whether it was recorded: the service may be gone already.</returns>
    public abstract bool Record(RedService service, string? route, Utf8StringCache strings, in MetricExemplar exemplar);

    /// <summary>The value that a span would show of an attribute; absent for those of the service.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="route">The route found for <see cref="RoutePath"/>; <see langword="null"/> for none.</param>
    public virtual AttributeValue Get(ExchangeAttribute attribute, string? route) => attribute switch
    {
        ExchangeAttribute.Kind => AttributeValue.Of(Kind == SpanKind.Server ? "server" : "client"),
        ExchangeAttribute.ClientAddress when Kind == SpanKind.Server => AttributeValue.Of(Source),
        ExchangeAttribute.ServerAddress => AttributeValue.Of(Destination),
        ExchangeAttribute.ServerPort => AttributeValue.Of(Destination.Port),
        _ => default,
    };

    /// <summary>Makes the span that outlives the lease.</summary>
    public abstract Span ToSpan(in SpanContext context);
}
