namespace Beyla.Capture.Uprobes;

/// <summary>What a look for one TLS library in one file found.</summary>
/// <param name="Library">The library: <c>OpenSSL</c>.</param>
/// <param name="Name">The file's path in the process's own view.</param>
/// <param name="IsCovered">Whether plaintext can be had from it.</param>
/// <param name="Explanation">How it is covered, or why not: one sentence for people, without a final stop.</param>
internal sealed record TlsFinding(string Library, string Name, bool IsCovered, string Explanation);
