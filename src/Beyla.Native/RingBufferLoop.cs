namespace Beyla.Native;

/// <summary>Drains a ring buffer on the calling thread: on a timer under traffic, asleep until notified without.</summary>
public sealed class RingBufferLoop
{
    private readonly RingBufferReader _reader;
    private readonly RingBufferLoopOptions _options;

    /// <summary>A loop over <paramref name="reader"/>, which stays the caller's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is not positive.</exception>
    public RingBufferLoop(RingBufferReader reader, RingBufferLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        _options = options ?? new RingBufferLoopOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.ActiveInterval, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.MaxSleep, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.EmptyDrainsBeforeSleep, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.MaxBatch, nameof(options));
    }

    /// <summary>Runs until cancelled, then drains once more what is there and returns. Exceptions of the handler pass through.</summary>
    public void Run<THandler>(ref THandler handler, CancellationToken cancellation)
        where THandler : IRingBatchHandler, allows ref struct
    {
        using var waking = cancellation.Register(static reader => ((RingBufferReader)reader!).Wake(), _reader);
        var inVain = 0;
        while (!cancellation.IsCancellationRequested)
        {
            var pending = _reader.PendingBytes;
            var records = _reader.Drain(ref handler, _options.MaxBatch);
            handler.OnBatchEnd(records);
            inVain = records > 0 ? 0 : inVain + 1;

            // A ring that fills by a quarter in an interval may overflow in the next: read on at once.
            if (records == _options.MaxBatch || pending > _reader.Capacity / 4)
            {
                continue;
            }

            if (inVain < _options.EmptyDrainsBeforeSleep)
            {
                _reader.Pause(_options.ActiveInterval);
            }
            else if (_reader.Wait(_options.MaxSleep) == RingWaitResult.Data)
            {
                inVain = 0;
            }
        }

        handler.OnBatchEnd(_reader.Drain(ref handler, int.MaxValue));
    }
}
