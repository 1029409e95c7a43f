using System.Buffers;

namespace Beyla.Protocols.Http2.Hpack;

/// <summary>
/// Reads the header blocks of one direction of a connection in their order (RFC 7541). After a block that was missed or
/// only seen in part, <see cref="Lose"/> says so: what then refers to the table as it was is reported as unknown.
/// </summary>
internal sealed class HpackDecoder(HpackFields fields, HeaderMemory memory)
{
    /// <summary>Values above it are taken for unknown.</summary>
    internal const int MaxValueBytes = 16 * 1024;

    private static readonly byte[] Unread = [];

    internal HpackDynamicTable Table { get; } = new(memory);

    /// <summary>Back to the state at the beginning of a connection.</summary>
    internal void Reset() => Table.Reset();

    /// <inheritdoc cref="HpackDynamicTable.Lose"/>
    internal void Lose() => Table.Lose();

    /// <summary>Reads one block and hands its fields over. After any other result than complete the table is lost.</summary>
    internal HpackResult Decode(ReadOnlySpan<byte> block)
    {
        var result = HpackResult.Complete;
        for (var at = 0; at < block.Length && result == HpackResult.Complete;)
        {
            result = Read(block, ref at);
        }

        if (result != HpackResult.Complete)
        {
            Table.Lose();
        }

        return result;
    }

    private HpackResult Read(ReadOnlySpan<byte> block, ref int at) => block[at] switch
    {
        >= 0x80 => ReadIndexed(block, ref at),
        >= 0x40 => ReadLiteral(block, ref at, prefixBits: 6, isIndexed: true),
        >= 0x20 => ReadSize(block, ref at),
        // 0x10: never indexed, which binds those who forward the field; a reader treats it like the rest
        _ => ReadLiteral(block, ref at, prefixBits: 4, isIndexed: false),
    };

    private HpackResult ReadSize(ReadOnlySpan<byte> block, ref int at)
    {
        var result = HpackInteger.Read(block, ref at, prefixBits: 5, out var size);
        if (result == HpackResult.Complete)
        {
            Table.Resize(size);
        }

        return result;
    }

    private HpackResult ReadIndexed(ReadOnlySpan<byte> block, ref int at)
    {
        var result = HpackInteger.Read(block, ref at, prefixBits: 7, out var index);
        if (result != HpackResult.Complete)
        {
            return result;
        }

        if (index is > 0 and <= HpackStaticTable.Count)
        {
            Hand(fields.StaticName(index), HpackStaticTable.Value(index));
            return HpackResult.Complete;
        }

        index -= HpackStaticTable.Count + 1;
        if (index < 0 || index >= Table.Count)
        {
            return OnMissing(index);
        }

        ref readonly var entry = ref Table[index];
        if (entry.HasValue || entry.Name == HpackFields.Other)
        {
            Hand(entry.Name, Table.Value(entry));
        }
        else
        {
            fields.OnUnknown(entry.Name);
        }

        return HpackResult.Complete;
    }

    private HpackResult ReadLiteral(ReadOnlySpan<byte> block, ref int at, int prefixBits, bool isIndexed)
    {
        var result = HpackInteger.Read(block, ref at, prefixBits, out var index);
        if (result != HpackResult.Complete)
        {
            return result;
        }

        byte name;
        int nameLength;
        if (index == 0)
        {
            result = ReadName(block, ref at, out name, out nameLength);
        }
        else
        {
            result = FindName(index, out name, out nameLength);
        }

        return result == HpackResult.Complete ? ReadValue(block, ref at, name, nameLength, isIndexed) : result;
    }

    private HpackResult ReadName(ReadOnlySpan<byte> block, ref int at, out byte name, out int length)
    {
        name = HpackFields.Other;
        length = 0;
        var result = ReadString(block, ref at, out var text, out var isHuffman);
        if (result != HpackResult.Complete)
        {
            return result;
        }

        Span<byte> decoded = stackalloc byte[HpackFields.MaxNameBytes];
        if (!isHuffman)
        {
            length = text.Length;
        }
        else if (!HuffmanCode.TryDecode(text, decoded, out length))
        {
            return HpackResult.Malformed;
        }

        if (length <= HpackFields.MaxNameBytes)
        {
            name = fields.NameOf(isHuffman ? decoded[..length] : text);
        }

        return HpackResult.Complete;
    }

    private HpackResult FindName(int index, out byte name, out int length)
    {
        (name, length) = (HpackFields.UnknownName, 0);
        if (index <= HpackStaticTable.Count)
        {
            (name, length) = (fields.StaticName(index), HpackStaticTable.Name(index).Length);
            return HpackResult.Complete;
        }

        index -= HpackStaticTable.Count + 1;
        if (index >= Table.Count)
        {
            return Table.IsComplete ? HpackResult.Malformed : HpackResult.Complete;
        }

        ref readonly var entry = ref Table[index];
        (name, length) = (entry.Name, entry.NameLength);
        return HpackResult.Complete;
    }

    private HpackResult ReadValue(ReadOnlySpan<byte> block, ref int at, byte name, int nameLength, bool isIndexed)
    {
        var result = ReadString(block, ref at, out var text, out var isHuffman);
        if (result != HpackResult.Complete)
        {
            return result;
        }

        var matters = name is not (HpackFields.Other or HpackFields.UnknownName);
        if (!isHuffman)
        {
            Take(name, nameLength, text, text.Length, matters, isIndexed);
            return HpackResult.Complete;
        }

        if (!matters && !isIndexed)
        {
            Take(name, nameLength, default, 0, matters, isIndexed);
            return HpackResult.Complete;
        }

        var buffer = matters ? ArrayPool<byte>.Shared.Rent(Math.Min(HuffmanCode.MaxDecodedBytes(text.Length), MaxValueBytes)) : Unread;
        var isValid = HuffmanCode.TryDecode(text, buffer, out var length);
        if (isValid)
        {
            Take(name, nameLength, buffer.AsSpan(0, Math.Min(length, buffer.Length)), length, matters, isIndexed);
        }

        if (matters)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return isValid ? HpackResult.Complete : HpackResult.Malformed;
    }

    private void Take(byte name, int nameLength, ReadOnlySpan<byte> value, int length, bool matters, bool isIndexed)
    {
        var isKnown = matters && length <= MaxValueBytes;
        if (isKnown || name == HpackFields.Other)
        {
            Hand(name, value);
        }
        else
        {
            fields.OnUnknown(name);
        }

        if (isIndexed)
        {
            Table.Add(name, nameLength, isKnown ? value : default, length, isKnown);
        }
    }

    private void Hand(byte name, ReadOnlySpan<byte> value)
    {
        if (name == HpackFields.Other)
        {
            fields.OnOther();
        }
        else
        {
            fields.OnField(name, value);
        }
    }

    /// <summary>An index behind the entries that are known. 0 is one that nobody may use.</summary>
    private HpackResult OnMissing(int index)
    {
        if (index < 0 || Table.IsComplete)
        {
            return HpackResult.Malformed;
        }

        fields.OnUnknown(HpackFields.UnknownName);
        return HpackResult.Complete;
    }

    private static HpackResult ReadString(ReadOnlySpan<byte> block, ref int at, out ReadOnlySpan<byte> text, out bool isHuffman)
    {
        text = default;
        isHuffman = false;
        if (at == block.Length)
        {
            return HpackResult.Truncated;
        }

        isHuffman = block[at] >= 0x80;
        var result = HpackInteger.Read(block, ref at, prefixBits: 7, out var length);
        if (result != HpackResult.Complete)
        {
            return result;
        }

        if (length > block.Length - at)
        {
            return HpackResult.Truncated;
        }

        text = block.Slice(at, length);
        at += length;
        return HpackResult.Complete;
    }
}
