namespace Beyla.Pipeline;

/// <summary>The account of the pipeline; written by the reader thread alone, read by any (a reader may lag).</summary>
internal sealed class PipelineCounters
{
    /// <summary>Exchanges that came in.</summary>
    public long Captured;

    /// <summary>Exchanges that went on to the metrics, to the sinks, or to both.</summary>
    public long Exported;

    /// <summary>Exchanges that neither metrics nor sinks took because a rule of the user keeps them back, or because nothing there was to take them.</summary>
    public long Filtered;

    /// <summary>Exchanges that neither metrics nor sinks took because the sampler left their span out.</summary>
    public long Sampled;

    /// <summary>Spans that the sampler left out, whatever became of the exchange otherwise.</summary>
    public long SampledSpans;

    /// <summary>Exchanges that the metrics refused, as of a service that was removed already, and that no sink took.</summary>
    public long Rejected;

    /// <summary>Exchanges of a process that nobody selected any more when they were complete.</summary>
    public long UnknownProcess;

    /// <summary>Records, and exchanges that were complete before that was known, of processes that nobody selects, or for which there is no room. Not captured.</summary>
    public long Unselected;
}
