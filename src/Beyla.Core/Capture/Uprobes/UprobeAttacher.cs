using Beyla.Native;

namespace Beyla.Capture.Uprobes;

/// <summary>Attaches the probes of a loaded object to the functions of a file, in the cheapest way that this kernel has. For one thread.</summary>
/// <param name="programs">The loaded object.</param>
/// <param name="mode">The way to begin with.</param>
internal sealed class UprobeAttacher(BpfObject programs, UprobeMode mode = UprobeMode.Multi)
{
    private readonly BpfProgram _entries = programs.GetProgram("tls_entry_multi");
    private readonly BpfProgram _returns = programs.GetProgram("tls_return_multi");
    private readonly BpfProgram _entry = programs.GetProgram("tls_entry");
    private readonly BpfProgram _return = programs.GetProgram("tls_return");

    /// <summary>The way that worked last.</summary>
    internal UprobeMode Mode { get; private set; } = mode;

    /// <summary>Attaches to all of the functions, or throws and leaves nothing attached.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">Of the library's structures.</param>
    /// <param name="sites">Functions of it.</param>
    /// <returns>The links in the order in which they are to be disposed of.</returns>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    internal IReadOnlyList<BpfLink> Attach(string path, in TlsLayout layout, IEnumerable<TlsSite> sites)
    {
        var (entries, returns) = Places(layout, sites);
        if (Mode == UprobeMode.Multi)
        {
            try
            {
                return Attach((returns, true), (entries, false), AttachMany);
            }
            catch (BpfNotSupportedException)
            {
                Mode = UprobeMode.Single;
            }
        }

        return Attach((returns, true), (entries, false), AttachEach);

        IEnumerable<BpfLink> AttachMany(List<Place> places, bool atReturn) =>
        [
            (atReturn ? _returns : _entries).AttachUprobeMulti(
                path,
                [.. places.Select(static place => (nuint)place.Offset)],
                atReturn,
                cookies: [.. places.Select(static place => place.Cookie)]),
        ];

        IEnumerable<BpfLink> AttachEach(List<Place> places, bool atReturn) => places.Select(
            place => (atReturn ? _return : _entry).AttachUprobe(path, place.Offset, atReturn, cookie: place.Cookie));
    }

    // A call whose entry is probed and whose return is not would stay on its thread's list: returns come first and go last.
    private static List<BpfLink> Attach(
        (List<Place> Places, bool AtReturn) first, (List<Place> Places, bool AtReturn) second, Func<List<Place>, bool, IEnumerable<BpfLink>> attach)
    {
        var links = new List<BpfLink>();
        try
        {
            foreach (var (places, atReturn) in new[] { first, second })
            {
                if (places.Count > 0)
                {
                    foreach (var link in attach(places, atReturn))
                    {
                        links.Add(link);
                    }
                }
            }
        }
        catch
        {
            links.ForEach(static link => link.Dispose());
            throw;
        }

        links.Reverse();
        return links;
    }

    private static (List<Place> Entries, List<Place> Returns) Places(TlsLayout layout, IEnumerable<TlsSite> sites)
    {
        var entries = new List<Place>();
        var returns = new List<Place>();
        foreach (var site in sites)
        {
            if (ProbeCookie.Of(site, layout) is not { } cookie)
            {
                continue;
            }

            entries.Add(new Place(site.Entry, cookie));
            if (!site.Returns.IsEmpty)
            {
                var atReturn = ProbeCookie.Of(site, layout, isReturn: true).GetValueOrDefault();
                entries.AddRange(site.Returns.Select(offset => new Place(offset, atReturn)));
            }
            else if (site.NeedsReturn)
            {
                returns.Add(new Place(site.Entry, cookie));
            }
        }

        return (entries, returns);
    }

    private readonly record struct Place(long Offset, ulong Cookie);
}
