namespace Beyla;

/// <summary>What became of the spans handed to one sink: <c>Received = Exported + Dropped + Failed + Queued</c>.</summary>
public sealed record SinkStatistics
{
    /// <summary>Name of the sink: its type's name, numbered where several sinks share it.</summary>
    public required string Name { get; init; }

    /// <summary>Spans offered to the sink's queue.</summary>
    public long Received { get; init; }

    /// <summary>Spans the sink took without an exception.</summary>
    public long Exported { get; init; }

    /// <summary>Spans its full queue could not hold.</summary>
    public long Dropped { get; init; }

    /// <summary>Spans in batches that the sink answered with an exception.</summary>
    public long Failed { get; init; }

    /// <summary>Spans waiting in its queue, or handed over and not answered for yet.</summary>
    public long Queued { get; init; }

    /// <summary>Spans that its queue has room for.</summary>
    public int Capacity { get; init; }
}
