using Beyla.Capture.Abi;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>GnuTLS.</summary>
internal sealed class GnuTlsProvider : ITlsProvider
{
    private const string Send = "gnutls_record_send";

    /// <summary>Since 3.6.3.</summary>
    private const string Send2 = "gnutls_record_send2";

    // What was sent while corked is sent once more inside gnutls_record_uncork: a write without plaintext of its own, as the
    // plaintext of writes inside of writes is not told twice.
    private static readonly TlsFunction[] Functions =
    [
        new("gnutls_record_recv", ProbeRole.Read, ProbeArguments.Count),
        new("gnutls_record_recv_seq", ProbeRole.Read, ProbeArguments.Count),
        new(Send, ProbeRole.Write, ProbeArguments.Count),
        new(Send2, ProbeRole.Write, ProbeArguments.Count),
        new("gnutls_record_uncork", ProbeRole.Write, ProbeArguments.Session),
        new("gnutls_handshake", ProbeRole.Control, ProbeArguments.Session),
        new("gnutls_bye", ProbeRole.Control, ProbeArguments.Session),
        new("gnutls_deinit", ProbeRole.Free, ProbeArguments.Session),
    ];

    public string Library => "GnuTLS";

    public IEnumerable<string> Symbols => Functions.Select(function => function.Name);

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        if (!candidate.Functions.ContainsKey(Send))
        {
            return null;
        }

        var superseded = SharedCore.OnlyJumpsTo(candidate, Send, Send2) ? Send : null;
        return new TlsLibraryCode(Library, candidate.Sites(Functions.Where(function => function.Name != superseded)), "is covered");
    }
}
