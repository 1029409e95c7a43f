namespace Beyla.Attributes;

/// <summary>An attribute whose value an exchange can tell before it becomes a span.</summary>
internal enum ExchangeAttribute
{
    ServiceName,
    ServiceNamespace,
    ServiceInstanceId,
    ProcessId,
    Language,
    Kind,
    HttpMethod,
    HttpStatusCode,
    HttpRoute,
    HttpRequestBodySize,
    HttpResponseBodySize,
    RpcSystem,
    RpcMethod,
    RpcService,
    RpcStatus,
    RpcStatusCode,
    UrlPath,
    UrlScheme,
    ErrorType,
    ProtocolName,
    ProtocolVersion,
    ClientAddress,
    ServerAddress,
    ServerPort,
}
