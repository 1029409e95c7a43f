namespace Beyla.Capture.Uprobes;

/// <summary>How probes are attached, the cheapest first.</summary>
internal enum UprobeMode : byte
{
    /// <summary>A link for a file, by which one program runs at entries and returns; at an entry it may spare the return (Linux 6.13).</summary>
    Session,

    /// <summary>Two links for a file: one for all entries, one for all returns (Linux 6.6).</summary>
    Multi,

    /// <summary>A link for each place.</summary>
    Single,
}
