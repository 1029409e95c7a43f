using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Protocols.Grpc;

/// <summary>
/// A gRPC call, from the first byte of its request to its status, however many messages it had in between. By the RPC
/// semantic conventions of OpenTelemetry.
/// </summary>
public sealed class RpcSpan : Span
{
    internal const string SystemName = "grpc";

    /// <summary><c>rpc.method</c>: service and method as in <c>shop.v1.Orders/Place</c>; <see langword="null"/> when not seen.</summary>
    public required string? Method { get; init; }

    /// <summary><c>rpc.service</c>: the part of <see cref="Method"/> before its last slash, such as <c>shop.v1.Orders</c>; <see langword="null"/> when there is none.</summary>
    public string? RpcService => Method?.LastIndexOf('/') is > 0 and { } slash ? Method[..slash] : null;

    /// <summary>
    /// gRPC's status code, 0 for OK: that of the trailers, or the one that gRPC gives to a call whose stream was reset (1,
    /// <c>CANCELLED</c>, for one that was given up; 4, <c>DEADLINE_EXCEEDED</c>, if that was when <see cref="Timeout"/> had
    /// passed). <see langword="null"/> when not known.
    /// </summary>
    public int? StatusCode { get; init; }

    /// <summary>Name of <see cref="StatusCode"/>, such as <c>NOT_FOUND</c>; its digits if gRPC defines none; <see langword="null"/> when not known.</summary>
    public string? StatusName => GrpcStatusNames.TextOf(StatusCode);

    /// <summary>Status of the HTTP response that carries the call; other than 200 when something before the server answered. <see langword="null"/> when not seen.</summary>
    public int? HttpStatusCode { get; init; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>What the client calls its server; <see langword="null"/> when it was not seen.</summary>
    public string? Host { get; init; }

    /// <summary>How long the caller waits for the call to end; <see langword="null"/> when it set no deadline.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Messages that the client sent; <see langword="null"/> when they could not be counted.</summary>
    public long? RequestMessages { get; init; }

    /// <summary>Bytes of the client's messages as sent, compressed or not; <see langword="null"/> when not known.</summary>
    public long? RequestBytes { get; init; }

    /// <summary>Messages that the server sent; <see langword="null"/> when they could not be counted.</summary>
    public long? ResponseMessages { get; init; }

    /// <summary>Bytes of the server's messages as sent, compressed or not; <see langword="null"/> when not known.</summary>
    public long? ResponseBytes { get; init; }

    /// <inheritdoc/>
    public override string Protocol => SystemName;

    /// <summary><see cref="Method"/>; <c>grpc</c> when that is not known.</summary>
    public override string Name => Method ?? SystemName;

    /// <inheritdoc/>
    public override SpanStatus Status => ErrorType is null ? SpanStatus.Unset : SpanStatus.Error;

    /// <summary>
    /// The status name when it means an error: any but <c>OK</c> for a client; <c>UNKNOWN</c>, <c>DEADLINE_EXCEEDED</c>,
    /// <c>UNIMPLEMENTED</c>, <c>INTERNAL</c>, <c>UNAVAILABLE</c> and <c>DATA_LOSS</c> for a server. Without a status: that of
    /// HTTP unless it is 200; <c>response_aborted</c> when the connection ended first; else <see langword="null"/>.
    /// </summary>
    public override string? ErrorType => GrpcSemantics.ErrorType(Kind, StatusCode, HttpStatusCode, End);

    /// <inheritdoc/>
    protected override void VisitKnownAttributes(ISpanAttributeVisitor visitor)
    {
        visitor.Visit("rpc.system.name", SystemName);
        VisitText(visitor, "rpc.method", Method);
        VisitText(visitor, "rpc.service", RpcService);
        VisitText(visitor, "rpc.response.status_code", StatusName);
        VisitNumber(visitor, "rpc.grpc.status_code", StatusCode);
        VisitText(visitor, "error.type", ErrorType);
        VisitNumber(visitor, "http.response.status_code", HttpStatusCode == GrpcSemantics.HttpOk ? null : HttpStatusCode);
        VisitNumber(visitor, "rpc.request.message.count", RequestMessages);
        VisitNumber(visitor, "rpc.request.size", RequestBytes);
        VisitNumber(visitor, "rpc.response.message.count", ResponseMessages);
        VisitNumber(visitor, "rpc.response.size", ResponseBytes);
        visitor.Visit("network.protocol.name", HttpSemantics.ProtocolName);
        visitor.Visit("network.protocol.version", Http2.Http2Protocol.Version);
        if (Kind == SpanKind.Server)
        {
            visitor.Visit("client.address", Source);
        }

        if (HttpSemantics.ServerAddress(Host.AsSpan()) is { IsEmpty: false } host)
        {
            visitor.Visit("server.address", host);
        }
        else
        {
            visitor.Visit("server.address", Destination);
        }

        visitor.Visit("server.port", Destination.Port);
    }

    internal override SpanSummary Summarize() => new(StatusCode, SystemName, Method ?? SpanSummary.Unknown, Route: null, RequestBytes)
    {
        ResponseSize = ResponseBytes,
        ServerName = HttpSemantics.ServerAddress(Host),
    };

    private static void VisitText(ISpanAttributeVisitor visitor, string name, string? value)
    {
        if (value is not null)
        {
            visitor.Visit(name, value);
        }
    }

    private static void VisitNumber(ISpanAttributeVisitor visitor, string name, long? value)
    {
        if (value is { } number)
        {
            visitor.Visit(name, number);
        }
    }
}
