namespace Beyla.Capture.Uprobes.Providers;

/// <summary>
/// .NET's shim over OpenSSL. The plaintext goes through OpenSSL, which the shim loads; the shim shows which session belongs to
/// which socket: <c>SslStream</c> works on memory BIOs only.
/// </summary>
internal sealed class DotNetShimProvider : ITlsProvider
{
    private static readonly TlsFunction[] Functions =
    [
        new("CryptoNative_BioWrite", TlsRole.BioWrite, TlsArguments.Count),
        new("CryptoNative_BioRead", TlsRole.BioRead, TlsArguments.Count),
    ];

    public string Library => ".NET OpenSSL shim";

    public IEnumerable<string> Symbols => Functions.Select(function => function.Name);

    public TlsLibraryCode? Find(TlsCandidate candidate)
    {
        var sites = candidate.Sites(Functions);
        return sites.IsEmpty ? null : new TlsLibraryCode(Library, sites, "shows the ciphertext of SslStream");
    }
}
