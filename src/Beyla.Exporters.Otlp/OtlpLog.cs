using Microsoft.Extensions.Logging;

namespace Beyla.Exporters.Otlp;

internal static partial class OtlpLog
{
    [LoggerMessage(EventId = 500, Level = LogLevel.Warning, Message = "OTLP {Signal} to {Target} failed: {Explanation}. It is tried again; {Queued} items wait. Further failures are told once a minute")]
    internal static partial void Retrying(ILogger logger, string signal, string target, string explanation, long queued);

    [LoggerMessage(EventId = 501, Level = LogLevel.Error, Message = "OTLP {Signal} to {Target} dropped {Items} items{When}: {Explanation}. {Dropped} are dropped so far; further drops are told once a minute")]
    internal static partial void Dropped(ILogger logger, string signal, string target, long items, string when, string explanation, long dropped);

    [LoggerMessage(EventId = 502, Level = LogLevel.Information, Message = "OTLP {Signal} to {Target} works again")]
    internal static partial void Recovered(ILogger logger, string signal, string target);

    [LoggerMessage(EventId = 503, Level = LogLevel.Information, Message = "Exporting {Signal} by OTLP ({Protocol}) to {Target}")]
    internal static partial void Exporting(ILogger logger, string signal, OtlpProtocol protocol, string target);

    [LoggerMessage(EventId = 506, Level = LogLevel.Error, Message = "OTLP {Signal} to {Target} dropped {Items}{More} items by its end{Explanation}. In all: {Drops}")]
    internal static partial void EndedWithDrops(ILogger logger, string signal, string target, long items, string more, string explanation, string drops);

    [LoggerMessage(EventId = 505, Level = LogLevel.Error, Message = "Metrics could not be collected and are not exported this time")]
    internal static partial void NotCollected(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 504, Level = LogLevel.Error, Message = "A batch of {Items} spans could not be encoded and is dropped")]
    internal static partial void NotEncoded(ILogger logger, Exception exception, int items);
}
