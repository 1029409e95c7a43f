using Beyla.Capture.Abi;

namespace Beyla.Capture.Uprobes.Providers;

/// <summary>A row of a provider's table.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="Role">What it means.</param>
/// <param name="Arguments">Where its arguments and result are.</param>
internal readonly record struct TlsFunction(string Name, ProbeRole Role, ProbeArguments Arguments)
{
    /// <summary>Whether its end matters: it has a result, or socket calls happen inside.</summary>
    internal bool NeedsReturn => Role is ProbeRole.Read or ProbeRole.Write or ProbeRole.Control or ProbeRole.BioRead;
}
