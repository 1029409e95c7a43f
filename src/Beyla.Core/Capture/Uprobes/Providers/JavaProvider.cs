namespace Beyla.Capture.Uprobes.Providers;

/// <summary>Java's own TLS (JSSE).</summary>
internal sealed class JavaProvider : ITlsProvider
{
    public string Library => "JSSE";

    public IEnumerable<string> Symbols => ["JNI_CreateJavaVM"];

    public TlsLibraryCode? Find(TlsCandidate candidate) => !candidate.Functions.ContainsKey("JNI_CreateJavaVM")
        ? null
        : new TlsLibraryCode(Library, [], "is not covered: Java's own TLS is compiled by the JVM at run time and has no functions that could be probed") { IsWhole = true };
}
