using Beyla.Tracing;

namespace Beyla.Metrics;

/// <content>How an HTTP exchange becomes metrics.</content>
public sealed partial class RedService
{
    private SeriesTable<HttpSeriesKey>? _httpServer;
    private SeriesTable<HttpSeriesKey>? _httpClient;
    private AddressNames? _addresses;

    /// <summary>Records an HTTP exchange whose server is known by the name that the client used.</summary>
    /// <param name="kind">Which end the service is; selects http.server.* or http.client.*.</param>
    /// <param name="method">Request method as sent; one that is not in <see cref="RedOptions.KnownHttpMethods"/> becomes <c>_OTHER</c>, an empty one (not seen) leaves the attribute out.</param>
    /// <param name="statusCode">Status of the final response; 0 when none was seen.</param>
    /// <param name="route">Low-cardinality template of the path; <see langword="null"/> when there is none.</param>
    /// <param name="https">Whether the exchange was encrypted.</param>
    /// <param name="serverAddress">Host name or address of the server; <see langword="null"/> when not known.</param>
    /// <param name="serverPort">Port of the server; 0 when not known.</param>
    /// <param name="durationSeconds">Seconds from request to end of response. An exchange whose duration is negative or not finite is rejected and counted.</param>
    /// <param name="requestBytes">Size of the request's content; -1 when not known, which leaves the size histogram alone.</param>
    /// <param name="responseBytes">Size of the response's content; -1 when not known.</param>
    public void RecordHttp(
        SpanKind kind,
        ReadOnlySpan<byte> method,
        int statusCode,
        string? route,
        bool https,
        string? serverAddress,
        int serverPort,
        double durationSeconds,
        long requestBytes,
        long responseBytes)
    {
        if (_isRemoved || !double.IsFinite(durationSeconds) || durationSeconds < 0)
        {
            _store.CountRejected();
            return;
        }

        var table = kind == SpanKind.Server
            ? _httpServer ??= AddTable<HttpSeriesKey>(MetricRegistry.HttpServer)
            : _httpClient ??= AddTable<HttpSeriesKey>(MetricRegistry.HttpClient);
        var methods = _store.HttpMethods;
        var key = new HttpSeriesKey(methods, methods.Find(method), statusCode, route, https, serverAddress, serverPort);
        Record(table, key, [durationSeconds, requestBytes, responseBytes]);
    }

    /// <summary>Records an HTTP exchange whose server is known by its end of the connection, address and port. The other parameters are those of
    /// <see cref="RecordHttp(SpanKind, ReadOnlySpan{byte}, int, string?, bool, string?, int, double, long, long)"/>.</summary>
    public void RecordHttp(
        SpanKind kind,
        ReadOnlySpan<byte> method,
        int statusCode,
        string? route,
        bool https,
        in SocketEndpoint server,
        double durationSeconds,
        long requestBytes,
        long responseBytes)
    {
        var address = (_addresses ??= new()).Of(server);
        RecordHttp(kind, method, statusCode, route, https, address, server.Port, durationSeconds, requestBytes, responseBytes);
    }
}
