using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// Protocol-buffers wire format (https://protobuf.dev/programming-guides/encoding/) in one pooled block that grows and is
/// kept. A message whose length is not known beforehand gets a length of fixed width, which is filled in at its end:
/// a varint may have leading zeros.
/// </summary>
internal sealed class ProtobufBuffer : IDisposable
{
    private const int LengthBytes = 4;
    private const int Varint = 0;
    private const int Fixed64Bit = 1;
    private const int LengthDelimited = 2;
    private const int Fixed32Bit = 5;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    internal ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    internal int Length => _length;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    internal void Clear() => _length = 0;

    /// <summary>Begins a message; what is written until <see cref="End"/> is its content.</summary>
    internal int Begin(int field)
    {
        Tag(field, LengthDelimited);
        Room(LengthBytes);
        _length += LengthBytes;
        return _length;
    }

    internal void End(int begin)
    {
        var length = (uint)(_length - begin);
        var at = _bytes.AsSpan(begin - LengthBytes, LengthBytes);
        at[0] = (byte)(length | 0x80);
        at[1] = (byte)((length >> 7) | 0x80);
        at[2] = (byte)((length >> 14) | 0x80);
        at[3] = (byte)(length >> 21);
    }

    internal void Unsigned(int field, ulong value)
    {
        Tag(field, Varint);
        Raw(value);
    }

    /// <summary>A <c>sint32</c>: small negative numbers are short.</summary>
    internal void Signed(int field, int value)
    {
        Tag(field, Varint);
        Raw((uint)((value << 1) ^ (value >> 31)));
    }

    internal void Fixed64(int field, ulong value)
    {
        Tag(field, Fixed64Bit);
        RawFixed64(value);
    }

    internal void Fixed32(int field, uint value)
    {
        Tag(field, Fixed32Bit);
        Room(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), value);
        _length += 4;
    }

    internal void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    internal void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimited);
        Raw((uint)value.Length);
        Room(value.Length);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }

    /// <summary>The head of a message of known length, whose content follows.</summary>
    internal void Message(int field, int length)
    {
        Tag(field, LengthDelimited);
        Raw((uint)length);
    }

    /// <summary>Text. Half of a surrogate pair, which has no UTF-8, becomes U+FFFD.</summary>
    internal void Text(int field, ReadOnlySpan<char> value) => Text(field, value, System.Text.Encoding.UTF8.GetByteCount(value));

    /// <summary>Text that is <paramref name="bytes"/> long in UTF-8.</summary>
    internal void Text(int field, ReadOnlySpan<char> value, int bytes)
    {
        Message(field, bytes);
        RawText(value, bytes);
    }

    /// <summary>Text, or a part of one, that is <paramref name="bytes"/> long in UTF-8, without its head.</summary>
    internal void RawText(ReadOnlySpan<char> value, int bytes)
    {
        Room(bytes);
        _length += System.Text.Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    /// <summary>The tag and length of packed numbers of 8 bytes each, which follow as <see cref="RawFixed64"/>.</summary>
    internal void PackedFixed64(int field, int count)
    {
        Tag(field, LengthDelimited);
        Raw((uint)count * 8);
    }

    internal void RawFixed64(ulong value)
    {
        Room(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    internal void Raw(ulong value)
    {
        Room(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[_length++] = (byte)value;
    }

    /// <summary>Bytes of a field below 16 whose content is that long.</summary>
    internal static int SizeOfDelimited(int length) => 1 + SizeOf((uint)length) + length;

    /// <summary>Bytes of a number.</summary>
    internal static int SizeOf(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    private void Tag(int field, int type) => Raw((uint)((field << 3) | type));

    private void Room(int count)
    {
        if (_bytes.Length - _length >= count)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_bytes.Length * 2, _length + count)));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
