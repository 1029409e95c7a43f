using Beyla.Native;

namespace Beyla.Capture.Uprobes;

/// <summary>Attaches the probes of a loaded object to the functions of a file. For one thread.</summary>
/// <param name="programs">The loaded object.</param>
/// <param name="mode">The way for which its programs were chosen.</param>
internal sealed class UprobeAttacher(BpfObject programs, UprobeMode mode)
{
    /// <summary>The way in which it attaches.</summary>
    internal UprobeMode Mode => mode;

    /// <summary>Attaches to all of the functions, or throws and leaves nothing attached.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layout">Of the library's structures.</param>
    /// <param name="sites">Functions of it.</param>
    /// <returns>The links in the order in which they are to be disposed of.</returns>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    internal IReadOnlyList<BpfLink> Attach(string path, in TlsLayout layout, IEnumerable<TlsSite> sites)
    {
        var links = new List<BpfLink>();
        try
        {
            // A call whose entry is probed and whose return is not would stay on its thread's list: returns come first and go last.
            foreach (var link in Attach(path, new UprobePlaces(sites, layout)))
            {
                links.Add(link);
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

    private IEnumerable<BpfLink> Attach(string path, UprobePlaces places) => mode switch
    {
        UprobeMode.Session =>
        [
            .. AttachAll(places.Functions, (offsets, cookies) => programs.GetProgram(UprobePrograms.Session).AttachUprobeSession(path, offsets, cookies)),
            .. AttachAll(places.Instructions, (offsets, cookies) => Entries.AttachUprobeMulti(path, offsets, cookies: cookies)),
        ],
        UprobeMode.Multi =>
        [
            .. AttachAll(places.FunctionsWithReturn, (offsets, cookies) =>
                programs.GetProgram(UprobePrograms.ReturnMulti).AttachUprobeMulti(path, offsets, atReturn: true, cookies: cookies)),
            .. AttachAll([.. places.Functions, .. places.Instructions], (offsets, cookies) => Entries.AttachUprobeMulti(path, offsets, cookies: cookies)),
        ],
        _ => places.FunctionsWithReturn.Select(place =>
                programs.GetProgram(UprobePrograms.Return).AttachUprobe(path, place.Offset, atReturn: true, cookie: place.Cookie))
            .Concat(places.Functions.Concat(places.Instructions).Select(place =>
                programs.GetProgram(UprobePrograms.Entry).AttachUprobe(path, place.Offset, cookie: place.Cookie))),
    };

    private BpfProgram Entries => programs.GetProgram(UprobePrograms.EntryMulti);

    private static IEnumerable<BpfLink> AttachAll(List<UprobePlace> places, Func<nuint[], ulong[], BpfLink> attach)
    {
        if (places.Count > 0)
        {
            yield return attach([.. places.Select(static place => (nuint)place.Offset)], [.. places.Select(static place => place.Cookie)]);
        }
    }
}
