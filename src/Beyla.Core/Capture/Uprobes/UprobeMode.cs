namespace Beyla.Capture.Uprobes;

/// <summary>How probes are attached, the cheapest first.</summary>
internal enum UprobeMode : byte
{
    /// <summary>Two links for a file: one for all entries, one for all returns (Linux 6.6).</summary>
    Multi,

    /// <summary>A link for each place.</summary>
    Single,
}
