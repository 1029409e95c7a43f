using System.Collections.Concurrent;
using System.Globalization;
using Beyla.Tracing;

namespace Beyla.Protocols.Http;

/// <summary>Rules of https://opentelemetry.io/docs/specs/semconv/http/http-spans/ in one place.</summary>
internal static class HttpSemantics
{
    // Methods are few and routes of low cardinality; a peer that sends others must not fill the memory.
    private const int MaxNames = 4096;
    private const int MaxStatus = 1000;

    private static readonly ConcurrentDictionary<(string Method, string Route), string> Names = new();
    private static readonly string?[] Statuses = new string?[MaxStatus];

    internal const string Aborted = "response_aborted";

    /// <summary>What stands for the method in a span's name when it is not known ("Name" in the conventions).</summary>
    internal const string UnknownMethod = "HTTP";

    /// <summary>A 4xx is an error for the client only: the server did what it should.</summary>
    internal static string? ErrorType(SpanKind kind, int? statusCode, SpanEnd end) => statusCode switch
    {
        { } status when status >= (kind == SpanKind.Server ? 500 : 400) => StatusText(status),
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

    /// <summary><c>{method} {route}</c>; the same object for the same two as a rule.</summary>
    internal static string SpanName(string method, string route)
    {
        if (Names.TryGetValue((method, route), out var name))
        {
            return name;
        }

        name = $"{method} {route}";
        if (Names.Count < MaxNames)
        {
            Names.TryAdd((method, route), name);
        }

        return name;
    }

    private static string StatusText(int status) => status is >= 0 and < MaxStatus
        ? Statuses[status] ??= status.ToString(CultureInfo.InvariantCulture)
        : status.ToString(CultureInfo.InvariantCulture);
}
