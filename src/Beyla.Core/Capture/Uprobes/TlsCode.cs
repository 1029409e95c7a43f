using System.Collections.Immutable;

namespace Beyla.Capture.Uprobes;

/// <summary>The TLS code of a process at the moment of the look. Libraries may be loaded later.</summary>
/// <param name="Targets">What to attach to, in the order of addresses.</param>
/// <param name="Explanation">For each library that was found how it is covered, or why not: one sentence without a final stop.</param>
/// <param name="IsWhole">Whether the process brings its own TLS, so that no other library is expected later.</param>
internal sealed record TlsCode(ImmutableArray<TlsTarget> Targets, string Explanation, bool IsWhole = false);
