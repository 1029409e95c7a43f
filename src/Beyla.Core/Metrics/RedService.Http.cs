using Beyla.Tracing;

namespace Beyla.Metrics;

/// <content>How an HTTP exchange becomes metrics.</content>
public sealed partial class RedService
{
    private SeriesTable<HttpSeriesKey>[]? _httpServer;
    private SeriesTable<HttpSeriesKey>[]? _httpClient;
    private AddressNames? _addresses;

    /// <summary>Records an HTTP exchange.</summary>
    /// <returns>Whether it was recorded; if not, it was rejected and counted.</returns>
    public bool RecordHttp(in HttpMeasurement measurement)
    {
        if (!Accepts(measurement.DurationSeconds))
        {
            return false;
        }

        var tables = HttpTables(measurement.Kind);
        var key = new HttpSeriesKey(_store.HttpMethods, measurement, tables[0].Layout.IsStandard);
        Record(tables, key, [measurement.DurationSeconds, measurement.RequestBytes, measurement.ResponseBytes], measurement.Exemplar);
        return true;
    }

    /// <summary>Records an HTTP exchange. The parameters are the properties of <see cref="HttpMeasurement"/> of the same names.</summary>
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
        long responseBytes) => RecordHttp(new HttpMeasurement
        {
            Kind = kind,
            Method = method,
            StatusCode = statusCode,
            Route = route,
            IsHttps = https,
            ServerAddress = serverAddress,
            ServerPort = serverPort,
            DurationSeconds = durationSeconds,
            RequestBytes = requestBytes,
            ResponseBytes = responseBytes,
        });

    /// <summary>Whether any HTTP metric shows the path, which otherwise need not be told.</summary>
    internal bool WantsHttpPath(SpanKind kind) => Wants(HttpTables(kind), HttpSeriesKey.PathPlace);

    /// <summary>Whether any HTTP metric shows the client's address, which otherwise need not be told.</summary>
    internal bool WantsHttpClient(SpanKind kind) => Wants(HttpTables(kind), HttpSeriesKey.ClientPlace);

    /// <summary>The address in text, the same object as a rule.</summary>
    internal string NameOf(in SocketEndpoint endpoint) => (_addresses ??= new()).Of(endpoint);

    private SeriesTable<HttpSeriesKey>[] HttpTables(SpanKind kind) => kind == SpanKind.Server
        ? _httpServer ??= AddTables<HttpSeriesKey>(MetricRegistry.HttpServer)
        : _httpClient ??= AddTables<HttpSeriesKey>(MetricRegistry.HttpClient);
}
