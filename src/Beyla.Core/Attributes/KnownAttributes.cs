using System.Collections.Immutable;

namespace Beyla.Attributes;

/// <summary>Every attribute that spans carry or that filters can ask for. Those of metrics are listed with the metrics.</summary>
internal static class KnownAttributes
{
    internal const string UrlQuery = "url.query";

    internal static readonly ImmutableArray<KnownAttribute> All =
    [
        new("service.name", ExchangeAttribute.ServiceName, IsOnSpans: false),
        new("service.namespace", ExchangeAttribute.ServiceNamespace, IsOnSpans: false),
        new("service.instance.id", ExchangeAttribute.ServiceInstanceId, IsOnSpans: false),
        new("process.pid", ExchangeAttribute.ProcessId, IsOnSpans: false, IsInteger: true),
        new("telemetry.sdk.language", ExchangeAttribute.Language, IsOnSpans: false),
        new("span.kind", ExchangeAttribute.Kind, IsOnSpans: false),
        new("http.request.method", ExchangeAttribute.HttpMethod),
        new("http.response.status_code", ExchangeAttribute.HttpStatusCode, IsInteger: true),
        new("http.route", ExchangeAttribute.HttpRoute),
        new("http.request.body.size", ExchangeAttribute.HttpRequestBodySize, IsInteger: true),
        new("http.response.body.size", ExchangeAttribute.HttpResponseBodySize, IsInteger: true),
        new("rpc.system.name", ExchangeAttribute.RpcSystem),
        new("rpc.method", ExchangeAttribute.RpcMethod),
        new("rpc.service", ExchangeAttribute.RpcService),
        new("rpc.response.status_code", ExchangeAttribute.RpcStatus),
        new("rpc.grpc.status_code", ExchangeAttribute.RpcStatusCode, IsInteger: true),
        new("rpc.request.message.count", IsInteger: true),
        new("rpc.request.size", IsInteger: true),
        new("rpc.response.message.count", IsInteger: true),
        new("rpc.response.size", IsInteger: true),
        new("url.path", ExchangeAttribute.UrlPath),
        new("url.scheme", ExchangeAttribute.UrlScheme),
        new("url.full"),
        new(UrlQuery, IsOptional: true),
        new("error.type", ExchangeAttribute.ErrorType),
        new("network.protocol.name", ExchangeAttribute.ProtocolName),
        new("network.protocol.version", ExchangeAttribute.ProtocolVersion),
        new("client.address", ExchangeAttribute.ClientAddress),
        new("server.address", ExchangeAttribute.ServerAddress),
        new("server.port", ExchangeAttribute.ServerPort, IsInteger: true),
    ];

    internal static ImmutableArray<KnownAttribute> Filterable { get; } = [.. All.Where(attribute => attribute.Filter is not null)];

    internal static ImmutableArray<KnownAttribute> OnSpans { get; } = [.. All.Where(attribute => attribute.IsOnSpans)];

    internal static KnownAttribute? FindFilterable(string name) => Filterable.FirstOrDefault(attribute => AttributeName.Normalize(attribute.Name) == AttributeName.Normalize(name));
}
