using Microsoft.Extensions.Logging;

namespace Beyla.Exporters.Otlp;

internal static partial class OtlpLog
{
    [LoggerMessage(EventId = 500, Level = LogLevel.Warning, Message = "OTLP {Signal} to {Url} failed: {Explanation}. It is tried again; {Queued} items wait. Further failures are told once a minute")]
    internal static partial void Retrying(ILogger logger, string signal, Uri url, string explanation, long queued);

    [LoggerMessage(EventId = 501, Level = LogLevel.Error, Message = "OTLP {Signal} to {Url} dropped {Items} items: {Explanation}. {Dropped} are dropped so far; further drops are told once a minute")]
    internal static partial void Dropped(ILogger logger, string signal, Uri url, long items, string explanation, long dropped);

    [LoggerMessage(EventId = 502, Level = LogLevel.Information, Message = "OTLP {Signal} to {Url} works again")]
    internal static partial void Recovered(ILogger logger, string signal, Uri url);

    [LoggerMessage(EventId = 503, Level = LogLevel.Information, Message = "Exporting {Signal} by OTLP ({Protocol}) to {Url}")]
    internal static partial void Exporting(ILogger logger, string signal, OtlpProtocol protocol, Uri url);

    [LoggerMessage(EventId = 504, Level = LogLevel.Error, Message = "A batch of {Items} spans could not be encoded and is dropped")]
    internal static partial void NotEncoded(ILogger logger, Exception exception, int items);
}
