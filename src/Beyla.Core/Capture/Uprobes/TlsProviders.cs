using Beyla.Capture.Uprobes.Providers;

namespace Beyla.Capture.Uprobes;

/// <summary>The families of TLS libraries that are looked for. Each is one file and one line here.</summary>
internal static class TlsProviders
{
    internal static readonly ITlsProvider[] All =
    [
        new OpenSslProvider(),
    ];
}
