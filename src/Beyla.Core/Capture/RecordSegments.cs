using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beyla.Capture.Abi;
using Beyla.Tracing;

namespace Beyla.Capture;

/// <summary>The segments of a record: one as a rule, several where the kernel copied pieces of an I/O and left out what is between them.</summary>
internal ref struct RecordSegments
{
    private readonly ref readonly SocketRecord _record;
    private readonly bool _hasPieces;
    private ReadOnlySpan<byte> _bytes;
    private uint _at;

    /// <param name="record">The record.</param>
    /// <param name="bytes">What follows it in the ring.</param>
    internal RecordSegments(in SocketRecord record, ReadOnlySpan<byte> bytes)
    {
        _record = ref record;
        _hasPieces = record.Flags.HasFlag(SocketFlags.Pieces);
        _bytes = bytes[..(int)Math.Min(record.Captured, (uint)bytes.Length)];
    }

    /// <summary>Whether the pieces contradict each other or the record, so that the rest of the I/O counts as not copied.</summary>
    internal bool IsMalformed { get; private set; }

    /// <summary>The next segment, in the order of the stream.</summary>
    internal bool TryRead(out SocketSegment segment)
    {
        if (_at == _record.Length)
        {
            segment = default;
            return false;
        }

        var begin = _at;
        var head = TakeHead();
        _at += (uint)head.Length;
        _at = NextPiece() is { } next ? next.Offset : _record.Length;
        segment = Segment(begin, head);
        return true;
    }

    private ReadOnlySpan<byte> TakeHead()
    {
        if (!_hasPieces)
        {
            return _bytes[..(int)Math.Min((uint)_bytes.Length, _record.Length)];
        }

        if (NextPiece() is not { } piece || piece.Offset != _at)
        {
            return default;
        }

        var head = _bytes.Slice(Unsafe.SizeOf<Piece>(), (int)piece.Length);
        _bytes = _bytes[(Unsafe.SizeOf<Piece>() + head.Length)..];
        return head;
    }

    /// <summary>The piece that comes next, if there is one and it can be.</summary>
    private Piece? NextPiece()
    {
        if (!_hasPieces || _bytes.IsEmpty)
        {
            return null;
        }

        if (MemoryMarshal.TryRead<Piece>(_bytes, out var piece)
            && piece.Offset >= _at && piece.Offset < _record.Length
            && piece.Length <= Math.Min(_record.Length - piece.Offset, (uint)(_bytes.Length - Unsafe.SizeOf<Piece>())))
        {
            return piece;
        }

        IsMalformed = true;
        _bytes = default;
        return null;
    }

    private readonly SocketSegment Segment(uint begin, ReadOnlySpan<byte> head)
    {
        ref readonly var record = ref _record;
        var sent = record.Event == SocketEvent.Sent;
        var addressBytes = record.Family == AddressFamily.Inet ? 4 : 16;
        ReadOnlySpan<byte> tail = record.Tail;
        return new SocketSegment
        {
            Direction = sent ? SocketDirection.Sent : SocketDirection.Received,
            ProcessId = (int)record.Tgid,
            TimeNanoseconds = (long)record.TimeNs,
            EndPosition = (sent ? record.SentPosition : record.ReceivedPosition) - (record.Length - _at),
            OppositePosition = sent ? record.ReceivedPosition : record.SentPosition,
            Length = _at - begin,
            Head = head,
            Tail = _hasPieces ? default : tail[..Math.Min((int)record.TailLength, tail.Length)],
            NoBuffer = record.Flags.HasFlag(SocketFlags.NoBuffer),
            Local = new SocketEndpoint(((ReadOnlySpan<byte>)record.LocalAddress)[..addressBytes], record.LocalPort),
            Remote = new SocketEndpoint(((ReadOnlySpan<byte>)record.RemoteAddress)[..addressBytes], record.RemotePort),
        };
    }
}
