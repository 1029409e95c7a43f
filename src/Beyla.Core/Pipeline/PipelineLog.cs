using Microsoft.Extensions.Logging;

namespace Beyla.Pipeline;

internal static partial class PipelineLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Error, Message = "Sink {Sink} failed on a batch of {Count} spans; they are counted as failed. Further failures of the next 10 s are counted only.")]
    public static partial void SinkFailed(ILogger logger, Exception exception, string sink, int count);

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "Sink {Sink} failed to hand on what it held at the end")]
    public static partial void SinkNotCompleted(ILogger logger, Exception exception, string sink);
}
