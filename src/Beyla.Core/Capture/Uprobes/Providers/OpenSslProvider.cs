namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// OpenSSL 1.1 and 3, as a shared library, bundled under another name, or linked into an executable that kept its symbols
/// (Node.js). BoringSSL and LibreSSL have functions of the same names and are taken for it; that is untested.
/// </summary>
internal sealed class OpenSslProvider : ITlsProvider
{
    // SSL_connect and SSL_accept go through SSL_do_handshake.
    private static readonly TlsFunction[] Functions =
    [
        new("SSL_read", TlsRole.Read, TlsArguments.Count),
        new("SSL_write", TlsRole.Write, TlsArguments.Count),
        new("SSL_read_ex", TlsRole.Read, TlsArguments.CountByPointer),
        new("SSL_write_ex", TlsRole.Write, TlsArguments.CountByPointer),
        new("SSL_read_early_data", TlsRole.Read, TlsArguments.CountByPointer),
        new("SSL_write_early_data", TlsRole.Write, TlsArguments.CountByPointer),
        new("SSL_do_handshake", TlsRole.Control, TlsArguments.Session),
        new("SSL_peek", TlsRole.Control, TlsArguments.Session),
        new("SSL_peek_ex", TlsRole.Control, TlsArguments.Session),
        new("SSL_shutdown", TlsRole.Control, TlsArguments.Session),
        new("SSL_free", TlsRole.Free, TlsArguments.Session),
        new("SSL_set_fd", TlsRole.SetDescriptor, TlsArguments.SessionDescriptor),
        new("SSL_set_bio", TlsRole.SetBios, TlsArguments.SessionBios),
    ];

    public string Library => "OpenSSL";

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (candidate.Functions(["SSL_read", "SSL_write"]).Count == 0)
        {
            return null;
        }

        var sites = candidate.Sites(Functions);
        return new TlsLibraryCode(Library, sites, "is covered") { Layout = OpenSslLayout.Of(candidate) };
    }
}
