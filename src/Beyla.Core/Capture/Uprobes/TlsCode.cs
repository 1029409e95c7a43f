using System.Collections.Immutable;

namespace Beyla.Capture.Uprobes;

/// <summary>The TLS code of a process at the moment of the look. Libraries may be loaded later.</summary>
/// <param name="Targets">What to attach to, the executable's files first.</param>
/// <param name="Findings">What was found, covered or not; empty when there is no sign of TLS.</param>
/// <param name="Explanation">The findings in one sentence without a final stop, for logs and snapshots.</param>
internal sealed record TlsCode(ImmutableArray<TlsTarget> Targets, ImmutableArray<TlsFinding> Findings, string Explanation)
{
    /// <summary>Whether plaintext can be had from at least one library.</summary>
    internal bool IsCovered => Findings.Any(finding => finding.IsCovered);
}
