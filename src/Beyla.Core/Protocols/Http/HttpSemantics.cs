using System.Globalization;
using Beyla.Tracing;

namespace Beyla.Protocols.Http;

/// <summary>Rules of https://opentelemetry.io/docs/specs/semconv/http/http-spans/ in one place.</summary>
internal static class HttpSemantics
{
    internal const string Aborted = "response_aborted";

    /// <summary>A 4xx is an error for the client only: the server did what it should.</summary>
    internal static string? ErrorType(SpanKind kind, int? statusCode, SpanEnd end) => statusCode switch
    {
        { } status when status >= (kind == SpanKind.Server ? 500 : 400) => status.ToString(CultureInfo.InvariantCulture),
        _ when end == SpanEnd.Aborted => Aborted,
        _ => null,
    };

    /// <summary>The host of a <c>Host</c> header without its port, brackets of an IPv6 literal removed.</summary>
    internal static string? ServerAddress(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return null;
        }

        if (host[0] == '[')
        {
            var close = host.IndexOf(']', StringComparison.Ordinal);
            return close > 1 ? host[1..close] : null;
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? host : colon == 0 ? null : host[..colon];
    }
}
