namespace Beyla.Capture;

/// <summary>What came out of the ring; written by the reader thread alone.</summary>
internal sealed class RecordCounters
{
    public long Records;

    /// <summary>Their bytes, without what the ring needs of its own.</summary>
    public long Bytes;

    /// <summary>Records whose kind or size is not of this version's ABI; above 0 means a bug, for object and library travel together.</summary>
    public long Malformed;
}
