using Beyla.Attributes;
using Beyla.Tracing;

namespace Beyla.Protocols;

/// <summary>What a span needs beyond what was on the wire.</summary>
internal readonly struct SpanContext
{
    public required ServiceInfo Service { get; init; }

    /// <summary>The route that the decorator found for <see cref="Exchange.RoutePath"/>; <see langword="null"/> for none.</summary>
    public string? Route { get; init; }

    /// <summary>Unix time minus CLOCK_MONOTONIC, in nanoseconds.</summary>
    public required long WallClockOffsetNanoseconds { get; init; }

    public required Utf8StringCache Strings { get; init; }

    public required SpanIdentity Identity { get; init; }

    /// <summary>What spans show.</summary>
    public required SpanSelection Selection { get; init; }
}
