using Beyla.Capture;

namespace Beyla.Protocols;

/// <summary>Walks over a segment of which only the first and the last bytes are known.</summary>
internal ref struct SegmentCursor
{
    private readonly ReadOnlySpan<byte> _head;
    private readonly ReadOnlySpan<byte> _tail;
    private readonly uint _tailStart;

    internal SegmentCursor(in SocketSegment segment)
    {
        Length = segment.Length;
        _head = segment.NoBuffer ? default : segment.Head[..(int)Math.Min((uint)segment.Head.Length, Length)];
        _tail = segment.NoBuffer ? default : segment.Tail[^(int)Math.Min((uint)segment.Tail.Length, Length)..];
        _tailStart = Length - (uint)_tail.Length;
    }

    internal uint Length { get; }

    internal uint Offset { get; set; }

    internal readonly uint Remaining => Length - Offset;

    internal readonly bool IsAtEnd => Offset == Length;

    /// <summary>The bytes from here on as far as they lie in one piece; empty when the byte here is not known.</summary>
    internal readonly ReadOnlySpan<byte> Known =>
        Offset < (uint)_head.Length ? _head[(int)Offset..]
        : Offset >= _tailStart ? _tail[(int)(Offset - _tailStart)..]
        : default;

    /// <summary>Bytes from here on that are not known; 0 when the byte here is.</summary>
    internal readonly uint Unknown => !Known.IsEmpty ? 0 : Offset < _tailStart ? _tailStart - Offset : Remaining;

    /// <summary>The segment's last bytes as far as they are known in one piece.</summary>
    internal readonly ReadOnlySpan<byte> Last => (uint)_head.Length == Length ? _head : _tail;

    internal void Advance(int count) => Offset += (uint)count;

    internal void SkipToEnd() => Offset = Length;
}
