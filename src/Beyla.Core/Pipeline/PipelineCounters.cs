namespace Beyla.Pipeline;

/// <summary>The account of the pipeline; written by the reader thread alone, read by any (a reader may lag).</summary>
internal sealed class PipelineCounters
{
    /// <summary>Exchanges that came in.</summary>
    public long Captured;

    /// <summary>Exchanges that went on to the metrics, to the sinks, or to both.</summary>
    public long Exported;

    /// <summary>Exchanges that a rule of the user holds back from metrics and sinks alike.</summary>
    public long Filtered;

    /// <summary>Exchanges of a process that nobody selected any more when they were complete.</summary>
    public long UnknownProcess;
}
