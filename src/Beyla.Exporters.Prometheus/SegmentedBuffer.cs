using System.Buffers;

namespace Beyla.Exporters.Prometheus;

/// <summary>
/// A growing buffer of pieces from the shared pool, which go back to it: a scrape leaves no garbage of its size, and nothing
/// that was written is copied to make room.
/// </summary>
internal sealed class SegmentedBuffer : Stream, IBufferWriter<byte>
{
    private const int SmallestSegment = 64 * 1024;

    // The pool keeps only a few pieces of each size.
    private const int LargestSegment = 4 * 1024 * 1024;

    private readonly List<(byte[] Bytes, int Count)> _full = [];
    private byte[] _current = ArrayPool<byte>.Shared.Rent(SmallestSegment);
    private int _count;
    private long _fullBytes;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _fullBytes + _count;

    public override long Position { get => Length; set => throw new NotSupportedException(); }

    /// <summary>All that was written, piece by piece.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Segments
    {
        get
        {
            foreach (var (bytes, count) in _full)
            {
                yield return bytes.AsMemory(0, count);
            }

            yield return _current.AsMemory(0, _count);
        }
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_current.Length - _count), nameof(count));
        _count += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _current.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _current.AsSpan(_count);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var room = GetSpan();
            var part = Math.Min(room.Length, buffer.Length);
            buffer[..part].CopyTo(room);
            _count += part;
            buffer = buffer[part..];
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (var (bytes, _) in _full)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _full.Clear();
        ArrayPool<byte>.Shared.Return(_current);
        _current = [];
        _count = 0;
        _fullBytes = 0;
        base.Dispose(disposing);
    }

    private void EnsureRoom(int size)
    {
        if (_current.Length - _count < size)
        {
            _full.Add((_current, _count));
            _fullBytes += _count;
            _current = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Min(_current.Length * 2, LargestSegment), size));
            _count = 0;
        }
    }
}
