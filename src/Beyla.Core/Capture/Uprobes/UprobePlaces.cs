namespace Beyla.Capture.Uprobes;

/// <summary>The places of a file's functions, by the kind of probe that they take.</summary>
internal sealed class UprobePlaces
{
    internal UprobePlaces(IEnumerable<TlsSite> sites, in TlsLayout layout)
    {
        foreach (var site in sites)
        {
            var place = new UprobePlace(site.Entry, ProbeCookie.Of(site, layout));
            if (!site.Returns.IsEmpty)
            {
                var atReturn = ProbeCookie.Of(site, layout, isReturn: true);
                Instructions.Add(place);
                Instructions.AddRange(site.Returns.Select(offset => new UprobePlace(offset, atReturn)));
                continue;
            }

            Functions.Add(place);
            if (site.NeedsReturn)
            {
                FunctionsWithReturn.Add(place);
            }
        }
    }

    /// <summary>Entries of functions that may have return probes.</summary>
    internal List<UprobePlace> Functions { get; } = [];

    /// <summary>Those of <see cref="Functions"/> whose return is of interest.</summary>
    internal List<UprobePlace> FunctionsWithReturn { get; } = [];

    /// <summary>Entries and return instructions of functions that may not.</summary>
    internal List<UprobePlace> Instructions { get; } = [];
}
