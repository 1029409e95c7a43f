using System.Diagnostics;
using Beyla.Tracing;

namespace Beyla.Protocols;

/// <summary>
/// Which span of which trace an exchange is. Settled before the exchange is recorded, since exemplars name the span too.
/// The id in an outgoing <c>traceparent</c> is that of the client span of the application's own tracer, which may export
/// it. Taking the id for ours would give two spans one id, so ours becomes its child.
/// </summary>
/// <param name="TraceIdHigh">First 8 bytes of the trace id.</param>
/// <param name="TraceIdLow">Last 8 bytes of the trace id.</param>
/// <param name="Id">The span id.</param>
/// <param name="ParentId">Id of the parent span; 0 for a root span.</param>
/// <param name="IsSampled">Whether the sampler takes the span.</param>
internal readonly record struct SpanIdentity(ulong TraceIdHigh, ulong TraceIdLow, ulong Id, ulong ParentId, bool IsSampled)
{
    internal ActivityTraceId TraceId => TraceIds.ToTraceId(TraceIdHigh, TraceIdLow);

    internal ActivitySpanId SpanId => TraceIds.ToSpanId(Id);

    internal ActivitySpanId ParentSpanId => ParentId == 0 ? default : TraceIds.ToSpanId(ParentId);

    internal ActivityTraceFlags Flags => IsSampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None;

    /// <summary>A new span: in the trace of its parent, or in one of its own.</summary>
    internal static SpanIdentity Create(in TraceParent parent, SpanIdSource ids, Sampler sampler)
    {
        var (high, low) = parent.IsNone ? ids.NextTraceId() : (parent.TraceIdHigh, parent.TraceIdLow);
        return new(high, low, ids.NextSpanId(), parent.ParentId, sampler.IsSampled(low, parent.IsNone ? null : parent.IsSampled));
    }
}
