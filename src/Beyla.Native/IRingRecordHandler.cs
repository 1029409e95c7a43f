namespace Beyla.Native;

/// <summary>Receives the records of a ring buffer in place.</summary>
public interface IRingRecordHandler
{
    /// <summary>One record.</summary>
    /// <param name="record">Its bytes, valid only inside the call: the kernel writes over them afterwards.</param>
    void OnRecord(ReadOnlySpan<byte> record);
}
