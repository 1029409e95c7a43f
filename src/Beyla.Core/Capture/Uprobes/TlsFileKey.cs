namespace Beyla.Capture.Uprobes;

/// <summary>A TLS library in a file: what probes are attached to once.</summary>
/// <param name="File">The file.</param>
/// <param name="Library">One file may hold several.</param>
internal readonly record struct TlsFileKey(FileIdentity File, string Library);
