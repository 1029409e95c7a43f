using System.Collections.Immutable;

namespace Beyla;

/// <summary>
/// Account of a session since its start, taken at one moment. Every captured exchange is accounted for:
/// <c>Captured = Exported + Filtered + Sampled + Dropped</c> once the session has stopped; while it runs the difference is what is under way.
/// </summary>
public sealed record SessionStatistics
{
    /// <summary>Exchanges seen.</summary>
    public long Captured { get; init; }

    /// <summary>Spans that left the pipeline towards the sinks and the metrics.</summary>
    public long Exported { get; init; }

    /// <summary>Spans held back by a rule of the user, such as an ignored route.</summary>
    public long Filtered { get; init; }

    /// <summary>Spans left out by sampling.</summary>
    public long Sampled { get; init; }

    /// <summary>Captured exchanges that went nowhere, by reason; reasons that did not occur are absent.</summary>
    public ImmutableArray<SessionDrop> Drops { get; init; } = [];

    /// <summary>
    /// What was lost before it could become an exchange, by reason: records that found the ring full, streams with missing
    /// bytes, heads that never ended. One loss may cost no exchange or several. Reasons that did not occur are absent.
    /// </summary>
    public ImmutableArray<SessionDrop> Losses { get; init; } = [];

    /// <summary>What was seen and is not followed, by kind: TLS connections, connections of other protocols, I/O without a readable buffer.</summary>
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
