using Beyla.IntegrationTests.Truth;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>What client and server know of the requests between them.</summary>
internal sealed class FleetRun
{
    public FleetRun(IReadOnlyList<TruthRecord> client, IReadOnlyList<LogEntry> server)
    {
        Client = client;
        Server = server;
        var handlers = new Dictionary<string, TimeRange>(StringComparer.Ordinal);
        foreach (var entry in server)
        {
            if (entry.Id is not null)
            {
                handlers[entry.Id] = entry.Seen.Time;
            }
        }

        Expected = [.. client.Select(r => handlers.TryGetValue(r.Id, out var time) ? r with { Inner = time } : r)];
    }

    public IReadOnlyList<TruthRecord> Client { get; }

    public IReadOnlyList<LogEntry> Server { get; }

    /// <summary>The client's truth with the handler's times: what a span has to agree with.</summary>
    public IReadOnlyList<TruthRecord> Expected { get; }

    /// <summary>Holds spans against what both ends know.</summary>
    /// <param name="spans">The spans of one of the two processes.</param>
    /// <param name="toMonotonic">Nanoseconds since the Unix epoch to nanoseconds of CLOCK_MONOTONIC.</param>
    /// <param name="profile">The server's, for the precision of its log.</param>
    /// <param name="options">Which differences are none; the tolerances are widened to the log's precision.</param>
    public ComparisonResult CompareSpans(
        IReadOnlyList<HttpSpan> spans, Func<long, long> toMonotonic, ServerProfile profile, ComparisonOptions? options = null)
    {
        options ??= new ComparisonOptions();
        return TruthComparer.Compare(Expected, spans, toMonotonic, options with { InnerTolerance = options.InnerTolerance + profile.LogPrecision });
    }

    /// <summary>Holds the server's log against the client's truth, without any observer between them.</summary>
    public ComparisonResult CompareEnds(ServerProfile profile) => TruthComparer.Compare(
        profile.MayNotLogAborted is null ? Client : [.. Client.Select(static r => r.Aborted ? r with { Optional = true } : r)],
        [.. Server.Select(static e => e.Seen)],
        new ComparisonOptions { MayBeUnknown = profile.Unlogged, OuterTolerance = profile.LogPrecision });
}
