using Beyla.Tracing;

namespace Beyla.Capture;

/// <summary>
/// One socket I/O of a watched process: which bytes of the stream it moved, and the copy of some of them.
/// Within one direction segments come in the order of the stream; between the two directions they may come out of order,
/// because the kernel reports an I/O after the socket lock is released. Valid only inside the call that hands it over.
/// </summary>
internal readonly ref struct SocketSegment
{
    public required SocketDirection Direction { get; init; }

    /// <summary>Process that did the I/O.</summary>
    public required int ProcessId { get; init; }

    /// <summary>CLOCK_MONOTONIC in nanoseconds, when the I/O returned.</summary>
    public required long TimeNanoseconds { get; init; }

    /// <summary>CLOCK_MONOTONIC in nanoseconds, when the I/O began. The same as <see cref="TimeNanoseconds"/> unless it is known and matters: a write may be answered before it returns.</summary>
    public long BeganNanoseconds
    {
        get => field == 0 ? TimeNanoseconds : field;
        init;
    }

    /// <summary>Stream position behind the segment's last byte in its own direction, modulo 2^32. Positions of a stream
    /// start anywhere (they are TCP sequence numbers); only differences mean something.</summary>
    public required uint EndPosition { get; init; }

    /// <summary>How far the opposite direction had come when the I/O was reported, modulo 2^32: bytes before it exist
    /// even if their segment has not been handed over yet.</summary>
    public required uint OppositePosition { get; init; }

    /// <summary>Bytes moved; the segment starts at <c>EndPosition - Length</c>.</summary>
    public required uint Length { get; init; }

    /// <summary>Copy of the segment's first bytes; its length is at most <see cref="Length"/>.</summary>
    public ReadOnlySpan<byte> Head { get; init; }

    /// <summary>Copy of the segment's last bytes when <see cref="Head"/> does not reach its end; else empty.</summary>
    public ReadOnlySpan<byte> Tail { get; init; }

    /// <summary>Whether the bytes could not be copied at all (sendfile, io_uring, MSG_TRUNC).</summary>
    public bool NoBuffer { get; init; }

    public SocketEndpoint Local { get; init; }

    public SocketEndpoint Remote { get; init; }
}
