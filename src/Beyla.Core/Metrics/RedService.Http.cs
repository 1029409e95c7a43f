using Beyla.Tracing;

namespace Beyla.Metrics;

/// <content>How an HTTP exchange becomes metrics.</content>
public sealed partial class RedService
{
    private GroupTables<HttpSeriesKey>? _httpServer;
    private GroupTables<HttpSeriesKey>? _httpClient;
    private AddressNames? _addresses;

    /// <summary>Records an HTTP exchange. Parameters and no structure of them: the reader's thread does it for every exchange, and a structure costs a fifth more.</summary>
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
    /// <returns>Whether it was recorded; if not, it was rejected and counted.</returns>
    public bool RecordHttp(
        SpanKind kind,
        ReadOnlySpan<byte> method,
        int statusCode,
        string? route,
        bool https,
        string? serverAddress,
        int serverPort,
        double durationSeconds,
        long requestBytes,
        long responseBytes) => RecordHttp(
            kind, method, statusCode, route, https, serverAddress, serverPort, durationSeconds, requestBytes, responseBytes, default, default);

    /// <summary>Records an HTTP exchange with what only some stores keep: the path and the client's address if
    /// <see cref="WantsHttpOptional"/> holds, and the span that stands for the values.</summary>
    /// <inheritdoc cref="RecordHttp(SpanKind, ReadOnlySpan{byte}, int, string?, bool, string?, int, double, long, long)"/>
    internal bool RecordHttp(
        SpanKind kind,
        ReadOnlySpan<byte> method,
        int statusCode,
        string? route,
        bool https,
        string? serverAddress,
        int serverPort,
        double durationSeconds,
        long requestBytes,
        long responseBytes,
        OptionalAttributes optional,
        in MetricExemplar exemplar)
    {
        if (!Accepts(durationSeconds))
        {
            return false;
        }

        var methods = _store.HttpMethods;
        var key = new HttpSeriesKey(methods, methods.Find(method), statusCode, route, https, serverAddress, serverPort);
        Record(HttpTables(kind), key, optional, [durationSeconds, requestBytes, responseBytes], exemplar);
        return true;
    }

    /// <summary>Whether any HTTP metric shows the path or the client's address, which otherwise need not be told.</summary>
    internal bool WantsHttpOptional(SpanKind kind) => HttpTables(kind).WantsOptional;

    /// <summary>The address in text, the same object as a rule.</summary>
    internal string NameOf(in SocketEndpoint endpoint) => (_addresses ??= new()).Of(endpoint);

    private GroupTables<HttpSeriesKey> HttpTables(SpanKind kind) => kind == SpanKind.Server
        ? _httpServer ??= AddTables<HttpSeriesKey>(MetricRegistry.HttpServer)
        : _httpClient ??= AddTables<HttpSeriesKey>(MetricRegistry.HttpClient);
}
