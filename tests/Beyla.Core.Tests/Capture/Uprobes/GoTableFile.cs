using System.Buffers.Binary;
using System.Text;
using Beyla.Capture.Uprobes.Go;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>The smallest executable with a table of Go functions: two segments, no section headers.</summary>
internal static class GoTableFile
{
    private const int CodeOffset = 0x1000;
    private const int FunctionBytes = 0x40;
    private const ulong CodeAddress = 0x401000;
    private const ulong TableAddress = 0x500000;

    /// <param name="format">Of the table.</param>
    /// <param name="code">Of each function; the rest of its 64 bytes is filled with int3.</param>
    /// <param name="tellsTextStart">Whether the header of the table says where the text starts, as it did from Go 1.18 to 1.25.</param>
    /// <param name="names">The functions, in the order of their addresses. One may be <c>_rt0_amd64_linux</c>, where the program starts.</param>
    internal static byte[] With(PcLineTableFormat format, byte[] code, bool tellsTextStart, params string[] names)
    {
        var table = Table(format, tellsTextStart, names);
        var file = new byte[CodeOffset + (names.Length * FunctionBytes) + table.Length];
        file.AsSpan(CodeOffset, names.Length * FunctionBytes).Fill(0xcc);
        for (var i = 0; i < names.Length; i++)
        {
            // A lone jump is how Go programs start.
            byte[] body = names[i] == "_rt0_amd64_linux" ? [0xe9, 0, 0, 0, 0] : code;
            body.CopyTo(file, OffsetOf(i));
        }

        table.CopyTo(file, OffsetOf(names.Length));
        WriteHeader(file, Math.Max(Array.IndexOf(names, "_rt0_amd64_linux"), 0));
        WriteSegment(file.AsSpan(64), executable: true, CodeOffset, CodeAddress, names.Length * FunctionBytes);
        WriteSegment(file.AsSpan(64 + 56), executable: false, OffsetOf(names.Length), TableAddress, table.Length);
        return file;
    }

    /// <summary>Offset in the file of the function with that number.</summary>
    internal static int OffsetOf(int function) => CodeOffset + (function * FunctionBytes);

    private static byte[] Table(PcLineTableFormat format, bool tellsTextStart, string[] names)
    {
        var isRelative = format is PcLineTableFormat.Go118 or PcLineTableFormat.Go120;
        var word = isRelative ? 4 : 8;
        var header = format switch
        {
            PcLineTableFormat.Go12 => 16,
            PcLineTableFormat.Go116 => 64,
            _ => 72,
        };
        var text = new MemoryStream();
        var places = new List<int>();
        foreach (var name in (string[])["another.function", .. names])
        {
            places.Add((int)text.Position);
            text.Write(Encoding.UTF8.GetBytes(name + '\0'));
        }

        // Header; pairs of entry and place of the function, with the end of the last; functions; names. From 1.16 on the parts
        // may be in any order, so the names come first there.
        var isBlock = format == PcLineTableFormat.Go12;
        var names0 = isBlock ? 0 : header;
        var pairs = isBlock ? header : header + (int)text.Length;
        var functions = pairs + (((2 * names.Length) + 1) * word);
        var end = functions + (names.Length * 16);
        var table = new byte[isBlock ? end + (int)text.Length : end];
        text.ToArray().CopyTo(table, isBlock ? end : header);
        BinaryPrimitives.WriteUInt32LittleEndian(table, (uint)format);
        table[6] = 1;
        table[7] = 8;
        long[] words = format switch
        {
            PcLineTableFormat.Go12 => [names.Length],
            PcLineTableFormat.Go116 => [names.Length, 0, names0, pairs, 0, 0, pairs],
            _ => [names.Length, 0, tellsTextStart ? (long)CodeAddress : 0, names0, pairs, 0, 0, pairs],
        };
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(table.AsSpan(8 + (i * 8)), words[i]);
        }

        var origin = isBlock ? 0 : pairs;
        for (var i = 0; i <= names.Length; i++)
        {
            var entry = (isRelative ? 0 : CodeAddress) + (ulong)(i * FunctionBytes);
            Write(table.AsSpan(pairs + (2 * i * word)), entry, word);
            if (i < names.Length)
            {
                Write(table.AsSpan(pairs + (((2 * i) + 1) * word)), (ulong)(functions + (i * 16) - origin), word);
                Write(table.AsSpan(functions + (i * 16)), entry, word);
                BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(functions + (i * 16) + word), places[i + 1] + (isBlock ? end : 0));
            }
        }

        return table;
    }

    private static void Write(Span<byte> place, ulong value, int bytes)
    {
        if (bytes == 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(place, value);
        }
    }

    private static void WriteHeader(Span<byte> file, int start)
    {
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file[16..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file[18..], 62);
        BinaryPrimitives.WriteUInt64LittleEndian(file[24..], CodeAddress + (ulong)(start * FunctionBytes));
        BinaryPrimitives.WriteUInt64LittleEndian(file[32..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file[54..], 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file[56..], 2);
    }

    private static void WriteSegment(Span<byte> header, bool executable, int offset, ulong address, int size)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], executable ? 5u : 4u);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], size);
    }
}
