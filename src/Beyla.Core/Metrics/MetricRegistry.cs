using System.Collections.Immutable;
using Beyla.Attributes;

namespace Beyla.Metrics;

/// <summary>
/// Every metric about observed services, with names and attributes in one place.
/// HTTP: https://opentelemetry.io/docs/specs/semconv/http/http-metrics/.
/// RPC: https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/.
/// </summary>
public static class MetricRegistry
{
    /// <summary>Attribute of the one series that takes what exceeds <see cref="RedOptions.MaxSeriesPerService"/>
    /// (OpenTelemetry metrics SDK, "Overflow attribute").</summary>
    public const string OverflowAttribute = "otel.metric.overflow";

    internal static readonly InstrumentGroup HttpServer = Http("server", [new("url.path"), new("client.address")]);

    internal static readonly InstrumentGroup HttpClient = Http("client", [new("url.path")]);

    internal static readonly InstrumentGroup RpcServer = Rpc("server", "Duration of calls that RPC servers answered", [new("client.address")]);

    internal static readonly InstrumentGroup RpcClient = Rpc("client", "Duration of calls that RPC clients made", []);

    internal static readonly ImmutableArray<InstrumentGroup> Groups = [HttpServer, HttpClient, RpcServer, RpcClient];

    /// <summary>Duration of HTTP requests that the service answered, in seconds.</summary>
    public static MetricInstrument HttpServerRequestDuration => HttpServer.Instruments[0];

    /// <summary>Content size of HTTP requests that the service answered, in bytes, as far as it is known.</summary>
    public static MetricInstrument HttpServerRequestBodySize => HttpServer.Instruments[1];

    /// <summary>Content size of HTTP responses that the service gave, in bytes, as far as it is known.</summary>
    public static MetricInstrument HttpServerResponseBodySize => HttpServer.Instruments[2];

    /// <summary>Duration of HTTP requests that the service made, in seconds.</summary>
    public static MetricInstrument HttpClientRequestDuration => HttpClient.Instruments[0];

    /// <summary>Content size of HTTP requests that the service made, in bytes, as far as it is known.</summary>
    public static MetricInstrument HttpClientRequestBodySize => HttpClient.Instruments[1];

    /// <summary>Content size of HTTP responses that the service got, in bytes, as far as it is known.</summary>
    public static MetricInstrument HttpClientResponseBodySize => HttpClient.Instruments[2];

    /// <summary>Duration of remote procedure calls that the service answered, in seconds.</summary>
    public static MetricInstrument RpcServerCallDuration => RpcServer.Instruments[0];

    /// <summary>Duration of remote procedure calls that the service made, in seconds.</summary>
    public static MetricInstrument RpcClientCallDuration => RpcClient.Instruments[0];

    /// <summary>All instruments, in the order in which exporters list them.</summary>
    public static ImmutableArray<MetricInstrument> All { get; } = [.. Groups.SelectMany(group => group.Instruments)];

    /// <summary>The metrics that <see cref="AttributeSelection.Section"/> means: one by OpenTelemetry's or Prometheus' name, or those that fit a glob; none for another text.</summary>
    public static ImmutableArray<MetricInstrument> Matching(string section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var pattern = SelectionSection.NormalizeMetric(section);
        return [.. All.Where(metric => AttributeName.Fits(pattern, metric.Name))];
    }

    private static InstrumentGroup Rpc(string end, string description, ImmutableArray<MetricAttributeKey> optional)
    {
        ImmutableArray<MetricAttributeKey> attributes =
        [
            new("rpc.method"),
            new("rpc.system.name"),
            new("rpc.response.status_code"),
            new("server.address"),
            new("server.port", IsInteger: true),
        ];
        return new(attributes, optional, [new($"rpc.{end}.call.duration", "s", description, BucketLayout.Duration, attributes, optional)]);
    }

    private static InstrumentGroup Http(string end, ImmutableArray<MetricAttributeKey> optional)
    {
        ImmutableArray<MetricAttributeKey> attributes =
        [
            new("http.request.method"),
            new("http.response.status_code", IsInteger: true),
            new("http.route"),
            new("url.scheme"),
            new("server.address"),
            new("server.port", IsInteger: true),
        ];
        return new(attributes, optional,
        [
            new($"http.{end}.request.duration", "s", $"Duration of HTTP {end} requests", BucketLayout.Duration, attributes, optional),
            new($"http.{end}.request.body.size", "By", $"Size of HTTP {end} request bodies", BucketLayout.RequestSize, attributes, optional),
            new($"http.{end}.response.body.size", "By", $"Size of HTTP {end} response bodies", BucketLayout.ResponseSize, attributes, optional),
        ]);
    }
}
