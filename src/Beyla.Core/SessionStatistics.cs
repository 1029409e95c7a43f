using System.Collections.Immutable;

namespace Beyla;

/// <summary>
/// Account of a session since its start, taken at one moment. Every captured exchange is in exactly one of four counts:
/// <c>Captured = Exported + Filtered + Sampled + Dropped</c> once the session has stopped; while it runs the difference is what is under way.
/// What the metrics or a sink took is exported, also when the other did not get it; only of what nothing took it matters why.
/// </summary>
public sealed record SessionStatistics
{
    /// <summary>Exchanges seen of processes that are selected, or were when they did it.</summary>
    public long Captured { get; init; }

    /// <summary>Exchanges that the metrics recorded, or whose span a sink's queue took, or both. What became of a span in its sink is in <see cref="Sinks"/>.</summary>
    public long Exported { get; init; }

    /// <summary>
    /// Exchanges that nothing took because a rule of the user says so: a filter, an ignored route, the exports of a selector. Also
    /// those whose metrics such a rule keeps back while no sink wants spans.
    /// </summary>
    public long Filtered { get; init; }

    /// <summary>Exchanges that nothing took because the sampler left their span out and a rule of the user keeps their metrics back. Few as a rule: metrics are recorded before sampling.</summary>
    public long Sampled { get; init; }

    /// <summary>Spans that the sampler left out, most of them of exchanges that are <see cref="Exported"/> to the metrics. Not a part of the sum.</summary>
    public long SampledSpans { get; init; }

    /// <summary>Captured exchanges that went nowhere, by reason; reasons that did not occur are absent.</summary>
    public ImmutableArray<SessionDrop> Drops { get; init; } = [];

    /// <summary>
    /// What was lost before it could become an exchange, by reason: records that found the ring full, streams with missing
    /// bytes, heads that never ended. One loss may cost no exchange or several. Reasons that did not occur are absent.
    /// </summary>
    public ImmutableArray<SessionDrop> Losses { get; init; } = [];

    /// <summary>What was seen and is not followed, by kind: TLS connections, connections of other protocols, I/O without a readable buffer, records of processes that nobody selects.</summary>
    public ImmutableArray<SessionDrop> Unfollowed { get; init; } = [];

    /// <summary>The account of each sink.</summary>
    public ImmutableArray<SinkStatistics> Sinks { get; init; } = [];

    /// <summary>What keeps the session from seeing all that was asked for, one sentence each with the way out; empty when nothing does.</summary>
    public ImmutableArray<string> Limitations { get; init; } = [];

    /// <summary>Sum of <see cref="Drops"/>.</summary>
    public long Dropped
    {
        get
        {
            var sum = 0L;
            foreach (var drop in Drops)
            {
                sum += drop.Count;
            }

            return sum;
        }
    }
}
