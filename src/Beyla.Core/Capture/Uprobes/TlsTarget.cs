using Beyla.Capture.Uprobes.Providers;

namespace Beyla.Capture.Uprobes;

/// <summary>A file in which a TLS library can be probed.</summary>
/// <param name="Code">What is probed in it: at least one function.</param>
/// <param name="File">Which file: what is attached to it holds for every process that maps it.</param>
/// <param name="Path">A path that opens it as long as the process lives that was looked at, also in a container and after its deletion.</param>
/// <param name="Name">The path in the process's own view, for logs.</param>
internal sealed record TlsTarget(TlsLibraryCode Code, FileIdentity File, string Path, string Name)
{
    /// <summary>The library, for logs: <c>OpenSSL</c>.</summary>
    internal string Library => Code.Library;
}
