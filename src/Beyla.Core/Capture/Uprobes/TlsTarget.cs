using System.Collections.Immutable;

namespace Beyla.Capture.Uprobes;

/// <summary>A file in which a TLS library can be probed.</summary>
/// <param name="Library">The library, for logs: <c>OpenSSL</c>.</param>
/// <param name="File">Which file: what is attached to it holds for every process that maps it.</param>
/// <param name="Path">A path that opens it as long as the process lives that was looked at, also in a container and after its deletion.</param>
/// <param name="Name">The path in the process's own view, for logs.</param>
/// <param name="Use">When the probes are wanted.</param>
/// <param name="Layout">Offsets in the library's structures.</param>
/// <param name="Sites">The functions, at least one.</param>
internal sealed record TlsTarget(
    string Library, FileIdentity File, string Path, string Name, TlsUse Use, TlsLayout Layout, ImmutableArray<TlsSite> Sites);
