namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// NSS. Its plaintext goes through NSPR's <c>PR_Read</c> and <c>PR_Write</c>, and so do plain sockets, files and pipes; nothing
/// in the arguments tells them apart.
/// </summary>
internal sealed class NssProvider : ITlsProvider
{
    public string Library => "NSS";

    public IEnumerable<string> Symbols => ["SSL_ImportFD"];

    public TlsLibraryCode? Find(TlsCandidate candidate) => !candidate.Functions.ContainsKey("SSL_ImportFD")
        ? null
        : new TlsLibraryCode(Library, [], "is not covered: NSS hands plaintext out through the same functions as files and plain sockets");
}
