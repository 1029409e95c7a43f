using Beyla.IntegrationTests.Fleet;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Capture;

/// <summary>What is known of a load by HTTP/2.</summary>
/// <param name="Log">The server's own log.</param>
/// <param name="Spans">The spans of both ends.</param>
/// <param name="RingRecords">Records that the kernel handed over.</param>
/// <param name="RingBytes">Their bytes.</param>
/// <param name="Account">What the session says of itself.</param>
internal sealed record Http2Run(IReadOnlyList<LogEntry> Log, IReadOnlyList<HttpSpan> Spans, long RingRecords, long RingBytes, string Account);
