using Beyla.Capture.Abi;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// OpenSSL 1.1 and 3, as a shared library, bundled under another name, or linked into an executable that kept its symbols
/// (Node.js). BoringSSL and LibreSSL have functions of the same names and are taken for it; that is untested.
/// </summary>
internal sealed class OpenSslProvider : ITlsProvider
{
    private const string WriteEx = "SSL_write_ex";
    private const string WriteEx2 = "SSL_write_ex2";

    // SSL_connect and SSL_accept go through SSL_do_handshake.
    private static readonly TlsFunction[] Functions =
    [
        new("SSL_read", ProbeRole.Read, ProbeArguments.Count),
        new("SSL_write", ProbeRole.Write, ProbeArguments.Count),
        new("SSL_read_ex", ProbeRole.Read, ProbeArguments.CountByPointer),
        new(WriteEx, ProbeRole.Write, ProbeArguments.CountByPointer),
        new(WriteEx2, ProbeRole.Write, ProbeArguments.CountByFifthPointer),
        new("SSL_read_early_data", ProbeRole.Read, ProbeArguments.CountByPointer),
        new("SSL_write_early_data", ProbeRole.Write, ProbeArguments.CountByPointer),
        new("SSL_do_handshake", ProbeRole.Control, ProbeArguments.Session),
        new("SSL_peek", ProbeRole.Control, ProbeArguments.Session),
        new("SSL_peek_ex", ProbeRole.Control, ProbeArguments.Session),
        new("SSL_shutdown", ProbeRole.Control, ProbeArguments.Session),
        new("SSL_clear", ProbeRole.Free, ProbeArguments.Session),
        new("SSL_free", ProbeRole.Free, ProbeArguments.Session),
    ];

    public string Library => "OpenSSL";

    public IEnumerable<string> Symbols => [.. Functions.Select(function => function.Name), OpenSslRandom.Getter];

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (!candidate.Functions.ContainsKey("SSL_read") && !candidate.Functions.ContainsKey("SSL_write"))
        {
            return null;
        }

        // Since 3.3.
        var superseded = SharedCore.OnlyJumpsTo(candidate, WriteEx, WriteEx2) ? WriteEx : null;
        var sites = candidate.Sites(Functions.Where(function => function.Name != superseded));
        sites = SharedCore.Prefer(candidate, sites, "SSL_read", "SSL_read_ex");
        sites = SharedCore.Prefer(candidate, sites, "SSL_write", WriteEx, WriteEx2);
        return new TlsLibraryCode(Library, sites, "is covered") { Layout = OpenSslRandom.LayoutOf(candidate) };
    }
}
