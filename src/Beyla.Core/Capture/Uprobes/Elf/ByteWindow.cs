using System.Buffers.Binary;

namespace Beyla.Capture.Uprobes.Elf;

/// <summary>
/// Looks at a <see cref="IByteSource"/> through one buffer. Places come from the file and are believed in nothing: one that
/// lies outside gives no bytes.
/// </summary>
internal sealed class ByteWindow(IByteSource source, int capacity = 16 * 1024)
{
    private readonly byte[] _buffer = new byte[capacity];
    private long _start;
    private int _length;

    /// <summary>The bytes from a place on, fewer at the end of the file; valid until the next call.</summary>
    /// <param name="offset">Any value.</param>
    /// <param name="most">At most the capacity.</param>
    internal ReadOnlySpan<byte> UpTo(long offset, int most)
    {
        if (offset < 0 || offset >= source.Length)
        {
            return default;
        }

        if (offset < _start || offset + most > _start + _length)
        {
            _start = offset;
            _length = source.Read(offset, _buffer);
        }

        var rest = _buffer.AsSpan((int)(offset - _start), _length - (int)(offset - _start));
        return rest[..Math.Min(rest.Length, most)];
    }

    /// <summary>All bytes asked for, or none.</summary>
    internal bool TryGet(long offset, int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = UpTo(offset, length);
        return bytes.Length == length;
    }

    internal bool TryGetUInt32(long offset, out uint value)
    {
        var found = TryGet(offset, sizeof(uint), out var bytes);
        value = found ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return found;
    }

    internal bool TryGetUInt64(long offset, out ulong value)
    {
        var found = TryGet(offset, sizeof(ulong), out var bytes);
        value = found ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return found;
    }
}
