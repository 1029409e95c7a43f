using System.Collections.Immutable;
using Beyla.Capture.Abi;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>What a provider found in a file.</summary>
/// <param name="Library">The library, for people.</param>
/// <param name="Sites">The functions to probe; empty when the library is there and can't be covered.</param>
/// <param name="Explanation">How it is covered, or why not: the rest of a sentence that begins with the file's name.</param>
internal sealed record TlsLibraryCode(string Library, ImmutableArray<TlsSite> Sites, string Explanation)
{
    internal TlsLayout Layout { get; init; }

    internal TlsUse Use { get; init; }

    /// <summary>Whether this is the TLS of the whole process, so that no other library is expected to be loaded.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>Whether plaintext goes through the sites.</summary>
    internal bool HasPlaintext => Sites.Any(site => site.Role is ProbeRole.Read or ProbeRole.Write);
}
