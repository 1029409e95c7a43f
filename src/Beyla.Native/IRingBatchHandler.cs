namespace Beyla.Native;

/// <summary>Receives the records of a ring buffer in place, and the end of each batch.</summary>
public interface IRingBatchHandler : IRingRecordHandler
{
    /// <summary>All that was there was handed over, or the limit of a batch was reached. Called also when nothing was there.</summary>
    /// <param name="records">Number of records since the last call.</param>
    void OnBatchEnd(int records);
}
