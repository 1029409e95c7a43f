using System.Buffers;
using Beyla.Capture;

namespace Beyla.Protocols.Http1;

/// <summary>State of one direction of a connection.</summary>
internal sealed class Http1Stream(SocketDirection direction)
{
    private const int FirstBufferBytes = 1024;

    /// <summary>Longest head that is put together from pieces; longer ones count as truncated.</summary>
    internal const int MaxHeadBytes = 64 * 1024;

    private byte[] _buffer = [];

    internal SocketDirection Direction { get; } = direction;

    internal StreamPhase Phase { get; set; }

    /// <summary>Whether <see cref="Position"/> is known.</summary>
    internal bool IsSeen { get; set; }

    /// <summary>Position behind the last byte that was processed or given up.</summary>
    internal uint Position { get; set; }

    /// <summary>Time of the last segment processed.</summary>
    internal long LastTime { get; set; }

    /// <summary>Bytes of a fixed body still to come.</summary>
    internal long Remaining { get; set; }

    internal ChunkedDecoder Chunks;

    /// <summary>Whether the end of the last message is not known, so that the next one has to be found.</summary>
    internal bool WasLost { get; set; }

    /// <summary>Whether whole messages may have been missed since the last one that was recognised.</summary>
    internal bool MayHaveMissed { get; set; }

    /// <summary>How far the opposite direction had come at the first segment.</summary>
    internal uint FirstOpposite { get; set; }

    /// <summary>How far the opposite direction had come at the last segment processed: where an answer to it begins.</summary>
    internal uint LastOpposite { get; set; }

    /// <summary>Pieces of the current head.</summary>
    internal ReadOnlySpan<byte> Buffer => _buffer.AsSpan(0, Buffered);

    internal int Buffered { get; set; }

    internal long HeadTime { get; private set; }

    internal int HeadProcessId { get; private set; }

    /// <summary>Position of the current head's first byte.</summary>
    internal uint HeadPosition { get; private set; }

    /// <summary>The opposite direction's position when the current head began.</summary>
    internal uint HeadOpposite { get; private set; }

    internal void BeginHead(in SocketSegment segment, uint offset)
    {
        HeadTime = segment.BeganNanoseconds;
        HeadProcessId = segment.ProcessId;
        HeadPosition = segment.EndPosition - segment.Length + offset;
        HeadOpposite = segment.OppositePosition;
    }

    /// <summary>Keeps as many of <paramref name="bytes"/> as <see cref="MaxHeadBytes"/> allows.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MaxHeadBytes - Buffered)];
        var needed = Buffered + bytes.Length;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBufferBytes, needed * 2));
            Buffer.CopyTo(larger);
            ReleaseBuffer();
            _buffer = larger;
        }

        bytes.CopyTo(_buffer.AsSpan(Buffered));
        Buffered = needed;
    }

    internal void DropHead()
    {
        Buffered = 0;
        ReleaseBuffer();
    }

    internal void Reset()
    {
        DropHead();
        Phase = StreamPhase.Lost;
        IsSeen = WasLost = MayHaveMissed = false;
        Position = FirstOpposite = LastOpposite = 0;
        LastTime = 0;
        Remaining = 0;
        Chunks = default;
    }

    private void ReleaseBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
