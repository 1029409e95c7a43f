namespace Beyla.Capture.Uprobes;

/// <summary>What became known of the TLS of a process.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Coverage">Whether its plaintext is seen.</param>
/// <param name="Explanation">Where it is seen, or why not: one sentence without a final stop.</param>
internal sealed record TlsReport(int ProcessId, TlsCoverage Coverage, string Explanation);
