using System.Diagnostics;
using Beyla.Attributes;

namespace Beyla.Tracing;

/// <summary>
/// One observed exchange. Immutable; may be kept as long as wanted and read from any thread.
/// What was not seen is <see langword="null"/>, never a guess.
/// </summary>
public abstract class Span
{
    /// <summary>Which end the observed process is.</summary>
    public required SpanKind Kind { get; init; }

    /// <summary>The observed process.</summary>
    public required ServiceInfo Service { get; init; }

    /// <summary>When the first byte of the request was read (server) or written (client), in nanoseconds since the Unix epoch.</summary>
    public required long StartUnixNanoseconds { get; init; }

    /// <summary>From the first byte of the request to the last byte of the response, in nanoseconds.</summary>
    public required long DurationNanoseconds { get; init; }

    /// <summary>From the last byte of the request to the first byte of the response, in nanoseconds: the service's own time.</summary>
    public long? ServiceNanoseconds { get; init; }

    /// <summary>Who opened the connection.</summary>
    public required SocketEndpoint Source { get; init; }

    /// <summary>Who accepted the connection.</summary>
    public required SocketEndpoint Destination { get; init; }

    /// <summary>Trace id: that of an incoming or outgoing <c>traceparent</c> header if there was one, else a random one.</summary>
    public required ActivityTraceId TraceId { get; init; }

    /// <summary>Id of this span.</summary>
    public required ActivitySpanId SpanId { get; init; }

    /// <summary>Id of the parent span; <c>default</c> for a root span.</summary>
    public ActivitySpanId ParentSpanId { get; init; }

    /// <summary>Trace flags as in <c>traceparent</c> (W3C Trace Context §3.2.2.5).</summary>
    public ActivityTraceFlags TraceFlags { get; init; } = ActivityTraceFlags.Recorded;

    /// <summary>How the end was known.</summary>
    public required SpanEnd End { get; init; }

    /// <summary>Status by the rules of the protocol's semantic conventions.</summary>
    public abstract SpanStatus Status { get; }

    /// <summary><c>error.type</c> when <see cref="Status"/> is <see cref="SpanStatus.Error"/>; else <see langword="null"/>.</summary>
    public abstract string? ErrorType { get; }

    /// <summary>Span name of low cardinality, by the rules of the protocol's semantic conventions.</summary>
    public abstract string Name { get; }

    /// <summary><c>network.protocol.name</c>, such as <c>http</c>.</summary>
    public abstract string Protocol { get; }

    /// <summary><see cref="StartUnixNanoseconds"/> as a date, cut to 100 ns.</summary>
    public DateTimeOffset StartTime => DateTimeOffset.UnixEpoch.AddTicks(StartUnixNanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary><see cref="DurationNanoseconds"/> as a time span, cut to 100 ns.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(DurationNanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>What of the attributes is shown; <see langword="null"/>: all.</summary>
    internal SpanSelection? Selection { get; init; }

    /// <summary>Hands every attribute of the span that <see cref="AttributeOptions.Select"/> shows to <paramref name="visitor"/>; attributes that are not known are left out.</summary>
    public void VisitAttributes(ISpanAttributeVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        VisitKnownAttributes(Selection is null ? visitor : Selection.Filter(visitor));
    }

    /// <summary>Hands every attribute that is known to <paramref name="visitor"/>.</summary>
    protected abstract void VisitKnownAttributes(ISpanAttributeVisitor visitor);

    /// <summary>The span in the few words of a one-line rendering; a span type from outside this assembly shows its protocol and name.</summary>
    internal virtual SpanSummary Summarize() => new(StatusCode: null, Protocol, Name, Route: null, RequestSize: null);
}
