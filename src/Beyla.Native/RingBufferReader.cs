using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beyla.Native.Handles;

namespace Beyla.Native;

/// <summary>
/// Reads a BPF ring buffer (Documentation/bpf/ringbuf.rst in the kernel) in place, without an allocation, and without a copy but of
/// the one record at the ring's end. One thread reads and waits; <see cref="Wake"/> and <see cref="PendingBytes"/> are for any. It
/// outlives the <see cref="BpfObject"/>.
/// </summary>
/// <remarks>
/// A notification for each record costs the observed process many times what the record does. So programs submit with
/// <c>BPF_RB_NO_WAKEUP</c>, and the reader looks in from time to time. When it wants to sleep longer it raises a flag in memory
/// shared with the programs. A program that sees the flag after its submit lowers it by an atomic exchange, and sends one
/// notification by reserving 8 bytes and discarding them with <c>BPF_RB_FORCE_WAKEUP</c>.
/// </remarks>
public sealed unsafe class RingBufferReader : IDisposable
{
    private const uint Busy = 1u << 31;
    private const uint Discarded = 1u << 30;
    private const int HeaderBytes = 8;
    private const long PublishBytes = 64 * 1024;

    private readonly FileDescriptor _ring;
    private readonly FileDescriptor _wake;
    private readonly MappedMemory _consumer;
    private readonly MappedMemory _producer;
    private readonly MappedMemory? _flags;
    private readonly int _flagOffset;
    private readonly nint _dataOffset;
    private readonly long _mask;

    /// <summary>The record that wraps around.</summary>
    private byte[] _wrapped = [];

    /// <summary>Maps the ring of a loaded object.</summary>
    /// <param name="map">A map of type ring buffer.</param>
    /// <param name="shared">Memory that has the flag "the reader sleeps", a 32-bit integer; without it the programs notify as they like.</param>
    /// <param name="asleepOffset">Byte offset of the flag in it.</param>
    /// <exception cref="ArgumentException">The map is of another type, or the flag is not aligned.</exception>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public RingBufferReader(BpfMap map, MappedArray? shared = null, int asleepOffset = 0)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.Require(0, 0, BpfMapType.RingBuffer);
        if (shared is not null && asleepOffset % sizeof(int) != 0)
        {
            throw new ArgumentException("The flag must be aligned to 4 bytes.", nameof(asleepOffset));
        }

        using var lease = map.Lease();
        Capacity = map.MaxEntries;
        _mask = Capacity - 1;
        _dataOffset = Environment.SystemPageSize;
        _flagOffset = asleepOffset;
        _ = shared?.At<int>(asleepOffset);
        _ring = FileDescriptor.Duplicate(map.Fd, map.Name);
        try
        {
            // Page 0 has the consumer's position and is ours to write; page 1 has the producer's; then the data. The kernel offers it
            // twice in a row, so that a record which wraps around is contiguous; but each time counts as memory of this process.
            _consumer = MappedMemory.Map(map.Fd, 0, (nuint)_dataOffset, writable: true, map.Name);
            _producer = MappedMemory.Map(map.Fd, _dataOffset, (nuint)_dataOffset + (nuint)Capacity, writable: false, map.Name);
            var wake = LibC.eventfd(0, LibC.EventCloseOnExec | LibC.EventNonBlocking);
            _wake = wake >= 0 ? new FileDescriptor(wake) : throw BpfException.FromErrno("make an eventfd for", map.Name, Marshal.GetLastPInvokeError());
        }
        catch
        {
            _producer?.Dispose();
            _consumer?.Dispose();
            _ring.Dispose();
            throw;
        }

        if (shared is not null)
        {
            var added = false;
            shared.Memory.DangerousAddRef(ref added);
            _flags = shared.Memory;
        }
    }

    /// <summary>Bytes of the ring, headers of records counted.</summary>
    public long Capacity { get; }

    /// <summary>Bytes not read yet, headers and records still being written counted. A snapshot.</summary>
    public long PendingBytes => Volatile.Read(ref ProducerPosition) - Volatile.Read(ref ConsumerPosition);

    /// <summary>File descriptor of the ring, owned by this reader.</summary>
    public int Fd => _ring.Value;

    private ref long ConsumerPosition => ref Unsafe.AsRef<long>(_consumer.Address);

    private ref long ProducerPosition => ref Unsafe.AsRef<long>(_producer.Address);

    /// <summary>
    /// Hands over the records that are there. Room is given back to the programs at least every 64 KiB, and at the end. When the
    /// handler throws, the record it threw at counts as read.
    /// </summary>
    /// <param name="handler">Receives them, in order.</param>
    /// <param name="maxRecords">Most to hand over.</param>
    /// <returns>The number handed over; fewer than <paramref name="maxRecords"/> means that the ring is empty or its next record is being written.</returns>
    public int Drain<THandler>(ref THandler handler, int maxRecords)
        where THandler : IRingRecordHandler, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRecords);
        using var data = new HandleLease(_producer);
        using var own = new HandleLease(_consumer);
        ref var published = ref ConsumerPosition;
        ref var producer = ref ProducerPosition;
        var start = _producer.Address + _dataOffset;
        var position = published;
        var records = 0;
        try
        {
            for (var end = Volatile.Read(ref producer); records < maxRecords;)
            {
                if (position >= end && position >= (end = Volatile.Read(ref producer)))
                {
                    break;
                }

                var record = start + (position & _mask);
                var header = Volatile.Read(ref *(uint*)record);
                if ((header & Busy) != 0)
                {
                    break;
                }

                var length = (int)(header & ~Discarded);
                var offset = (position + HeaderBytes) & _mask;
                position += (length + HeaderBytes + 7) & ~7;
                if ((header & Discarded) == 0)
                {
                    records++;
                    handler.OnRecord(offset + length <= Capacity ? new ReadOnlySpan<byte>(start + offset, length) : Unwrap(start, offset, length));
                }

                if (position - published >= PublishBytes)
                {
                    Volatile.Write(ref published, position);
                }
            }
        }
        finally
        {
            Volatile.Write(ref published, position);
        }

        return records;
    }

    /// <summary>
    /// Sleeps until there is something in the ring, somebody calls <see cref="Wake"/>, or the time is up. With a flag in shared memory
    /// no wake-up is lost: a program that submits after the last look into the ring sees the flag raised.
    /// </summary>
    /// <param name="timeout">At least a millisecond; rounded up.</param>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public RingWaitResult Wait(TimeSpan timeout)
    {
        if (_flags is null)
        {
            return Poll(withRing: true, timeout);
        }

        ref var asleep = ref Unsafe.AsRef<int>(_flags.Address + _flagOffset);
        Volatile.Write(ref asleep, 1);
        try
        {
            // The programs commit, then read the flag; here the flag is raised, then the ring is read. With a full barrier between on
            // either side (the kernel's commit is one), at least one of the two sees the other.
            Interlocked.MemoryBarrier();
            return PendingBytes > 0 ? RingWaitResult.Data : Poll(withRing: true, timeout);
        }
        finally
        {
            Volatile.Write(ref asleep, 0);
        }
    }

    /// <summary>Sleeps until somebody calls <see cref="Wake"/> or the time is up, whatever comes into the ring: to let a batch gather.</summary>
    /// <returns>Whether it was woken.</returns>
    /// <exception cref="BpfException">The kernel refuses.</exception>
    public bool Pause(TimeSpan duration) => Poll(withRing: false, duration) == RingWaitResult.Woken;

    /// <summary>Ends the <see cref="Wait"/> or <see cref="Pause"/> in progress, or else the next one.</summary>
    public void Wake()
    {
        using var lease = new HandleLease(_wake);
        var one = 1UL;

        // It fails only when the counter is at its end, and then the reader is as good as woken.
        _ = LibC.write(_wake.Value, &one, sizeof(ulong));
    }

    /// <summary>Unmaps the ring. No other member may be running, or run afterwards.</summary>
    public void Dispose()
    {
        if (_ring.IsClosed)
        {
            return;
        }

        _ring.Dispose();
        _wake.Dispose();
        _consumer.Dispose();
        _producer.Dispose();
        _flags?.DangerousRelease();
    }

    private ReadOnlySpan<byte> Unwrap(byte* data, long offset, int length)
    {
        if (_wrapped.Length < length)
        {
            _wrapped = new byte[BitOperations.RoundUpToPowerOf2((uint)length)];
        }

        var first = (int)(Capacity - offset);
        new ReadOnlySpan<byte>(data + offset, first).CopyTo(_wrapped);
        new ReadOnlySpan<byte>(data, length - first).CopyTo(_wrapped.AsSpan(first));
        return _wrapped.AsSpan(0, length);
    }

    private RingWaitResult Poll(bool withRing, TimeSpan timeout)
    {
        using var ring = new HandleLease(_ring);
        using var wake = new HandleLease(_wake);
        var entries = stackalloc LibC.PollEntry[2];
        entries[0] = new LibC.PollEntry { Fd = _wake.Value, Wanted = LibC.PollIn };
        entries[1] = new LibC.PollEntry { Fd = _ring.Value, Wanted = LibC.PollIn };
        var milliseconds = (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 0, int.MaxValue);
        if (LibC.poll(entries, withRing ? 2u : 1u, milliseconds) < 0)
        {
            // A signal is no reason to fail; the caller looks into the ring and waits again.
            var errno = Marshal.GetLastPInvokeError();
            return errno == Errno.EINTR ? RingWaitResult.TimedOut : throw BpfException.FromErrno("wait for", "the ring buffer", errno);
        }

        if ((entries[0].Ready & LibC.PollIn) != 0)
        {
            ulong count;
            _ = LibC.read(_wake.Value, &count, sizeof(ulong));
            return RingWaitResult.Woken;
        }

        return entries[1].Ready != 0 ? RingWaitResult.Data : RingWaitResult.TimedOut;
    }
}
