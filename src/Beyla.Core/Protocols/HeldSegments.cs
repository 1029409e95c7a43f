using System.Buffers;
using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Protocols;

/// <summary>Copies of segments that wait for something: responses for their request, plaintext for its connection. First in, first out, bounded.</summary>
internal sealed class HeldSegments
{
    private const int MaxSegments = 64;
    private const int MaxBytes = 64 * 1024;

    private readonly Queue<Held> _segments = new();
    private int _bytes;

    internal int Count => _segments.Count;

    /// <summary>Bytes of the copies.</summary>
    internal int Bytes => _bytes;

    /// <summary>Direction of the newest one.</summary>
    internal SocketDirection Direction { get; private set; }

    /// <returns>Whether there was room.</returns>
    internal bool TryAdd(in SocketSegment segment, bool beginsTurn)
    {
        var length = segment.Head.Length + segment.Tail.Length;
        if (Count == MaxSegments || _bytes + length > MaxBytes)
        {
            return false;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(length);
        segment.Head.CopyTo(bytes);
        segment.Tail.CopyTo(bytes.AsSpan(segment.Head.Length));
        _bytes += length;
        Direction = segment.Direction;
        _segments.Enqueue(new Held
        {
            Bytes = bytes,
            Direction = segment.Direction,
            HeadLength = segment.Head.Length,
            TailLength = segment.Tail.Length,
            Length = segment.Length,
            EndPosition = segment.EndPosition,
            OppositePosition = segment.OppositePosition,
            ProcessId = segment.ProcessId,
            Time = segment.TimeNanoseconds,
            Began = segment.BeganNanoseconds,
            NoBuffer = segment.NoBuffer,
            Local = segment.Local,
            Remote = segment.Remote,
            BeginsTurn = beginsTurn,
        });
        return true;
    }

    /// <summary>The oldest one; valid until it is dropped.</summary>
    internal SocketSegment Peek(out bool beginsTurn)
    {
        var held = _segments.Peek();
        beginsTurn = held.BeginsTurn;
        return new SocketSegment
        {
            Direction = held.Direction,
            ProcessId = held.ProcessId,
            TimeNanoseconds = held.Time,
            BeganNanoseconds = held.Began,
            EndPosition = held.EndPosition,
            OppositePosition = held.OppositePosition,
            Length = held.Length,
            Head = held.Bytes.AsSpan(0, held.HeadLength),
            Tail = held.Bytes.AsSpan(held.HeadLength, held.TailLength),
            NoBuffer = held.NoBuffer,
            Local = held.Local,
            Remote = held.Remote,
        };
    }

    internal void Drop()
    {
        var held = _segments.Dequeue();
        _bytes -= held.HeadLength + held.TailLength;
        ArrayPool<byte>.Shared.Return(held.Bytes);
    }

    internal void Clear()
    {
        while (Count > 0)
        {
            Drop();
        }
    }

    private readonly struct Held
    {
        internal required byte[] Bytes { get; init; }

        internal SocketDirection Direction { get; init; }

        internal int HeadLength { get; init; }

        internal int TailLength { get; init; }

        internal uint Length { get; init; }

        internal uint EndPosition { get; init; }

        internal uint OppositePosition { get; init; }

        internal int ProcessId { get; init; }

        internal long Time { get; init; }

        internal long Began { get; init; }

        internal bool NoBuffer { get; init; }

        internal SocketEndpoint Local { get; init; }

        internal SocketEndpoint Remote { get; init; }

        internal bool BeginsTurn { get; init; }
    }
}
