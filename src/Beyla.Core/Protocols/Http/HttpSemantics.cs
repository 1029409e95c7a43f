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

    /// <summary><c>network.protocol.name</c>.</summary>
    internal const string ProtocolName = "http";

    /// <summary>What stands for the method in a span's name when it is not known ("Name" in the conventions).</summary>
    internal const string UnknownMethod = "HTTP";

    /// <summary>A 4xx is an error for the client only: the server did what it should.</summary>
    internal static string? ErrorType(SpanKind kind, int? statusCode, SpanEnd end) => statusCode switch
    {
        { } status when status >= (kind == SpanKind.Server ? 500 : 400) => StatusText(status),
        _ when end == SpanEnd.Aborted => Aborted,
        _ => null,
    };

    /// <summary>The host of a <c>Host</c> header without its port, brackets of an IPv6 literal removed; <see langword="null"/> when there is none.</summary>
    internal static string? ServerAddress(string? host)
    {
        var address = ServerAddress(host.AsSpan());
        return address.IsEmpty ? null : address.Length == host!.Length ? host : address.ToString();
    }

    /// <inheritdoc cref="ServerAddress(string?)"/>
    /// <returns>Empty when there is none.</returns>
    internal static ReadOnlySpan<char> ServerAddress(ReadOnlySpan<char> host) => WithoutPort(host, '[', ']', ':');

    /// <inheritdoc cref="ServerAddress(string?)"/>
    /// <returns>Empty when there is none.</returns>
    internal static ReadOnlySpan<byte> ServerAddress(ReadOnlySpan<byte> host) => WithoutPort(host, (byte)'[', (byte)']', (byte)':');

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

    private static ReadOnlySpan<T> WithoutPort<T>(ReadOnlySpan<T> host, T open, T close, T colon)
        where T : struct, IEquatable<T>
    {
        if (!host.IsEmpty && host[0].Equals(open))
        {
            var end = host.IndexOf(close);
            return end > 1 ? host[1..end] : default;
        }

        var length = host.IndexOf(colon);
        return length < 0 ? host : host[..length];
    }

    private static string StatusText(int status) => status is >= 0 and < MaxStatus
        ? Statuses[status] ??= status.ToString(CultureInfo.InvariantCulture)
        : status.ToString(CultureInfo.InvariantCulture);
}
