using System.Globalization;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.Protocols.Grpc;

/// <summary>Rules of https://opentelemetry.io/docs/specs/semconv/rpc/grpc/ in one place.</summary>
internal static class GrpcSemantics
{
    internal const int HttpOk = 200;

    /// <summary>What failed, and <see langword="null"/> when nothing did. A caller's mistake is an error for the client only: the server did what it should.</summary>
    internal static string? ErrorType(SpanKind kind, int? statusCode, int? httpStatusCode, SpanEnd end) => statusCode switch
    {
        { } status => IsError(kind, status) ? GrpcStatusNames.TextOf(status) : null,
        // Without a status of gRPC the answer was not that of a gRPC server, but maybe that of a proxy before it.
        null when httpStatusCode is { } http and not HttpOk => http.ToString(CultureInfo.InvariantCulture),
        null when end == SpanEnd.Aborted => HttpSemantics.Aborted,
        _ => null,
    };

    private static bool IsError(SpanKind kind, int status) => kind == SpanKind.Client
        ? status != GrpcStatusNames.Ok
        : status is GrpcStatusNames.Unknown or GrpcStatusNames.DeadlineExceeded or GrpcStatusNames.Unimplemented
            or GrpcStatusNames.Internal or GrpcStatusNames.Unavailable or GrpcStatusNames.DataLoss;
}
