using Microsoft.Extensions.Logging;

namespace Beyla.Exporters.Prometheus;

internal static partial class PrometheusLog
{
    [LoggerMessage(EventId = 400, Level = LogLevel.Warning, Message = "A scrape of {Path} failed")]
    internal static partial void ScrapeFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 401, Level = LogLevel.Warning, Message = "A connection to the metrics server could not be taken")]
    internal static partial void AcceptFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 402, Level = LogLevel.Debug, Message = "A connection to the metrics server broke")]
    internal static partial void ConnectionBroken(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 403, Level = LogLevel.Information, Message = "Serving {Path} on {Address}, port {Port}")]
    internal static partial void Serving(ILogger logger, string path, string address, int port);
}
