using Beyla.Native;

namespace Beyla.Capture.Uprobes;

/// <summary>A file with attached probes. The kernel puts them into every process that maps it, now or later.</summary>
internal sealed class TlsFile(TlsTarget target, IReadOnlyList<BpfLink> links) : IDisposable
{
    internal TlsTarget Target { get; } = target;

    /// <summary>Watched processes that have it mapped.</summary>
    internal HashSet<int> Users { get; } = [];

    /// <summary>Since when it has no users.</summary>
    internal long IdleSince { get; set; }

    /// <summary>Takes the probes out, entries before returns.</summary>
    public void Dispose()
    {
        foreach (var link in links)
        {
            link.Dispose();
        }
    }
}
