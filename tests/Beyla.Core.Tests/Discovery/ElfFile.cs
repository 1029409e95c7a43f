using System.Buffers.Binary;
using System.Text;

namespace Beyla.Core.Tests.Discovery;

/// <summary>Builds the smallest ELF-64 file that has the wanted sections.</summary>
internal static class ElfFile
{
    internal static byte[] With(params (string Name, string Content)[] sections)
    {
        var names = new MemoryStream();
        names.WriteByte(0);
        var body = new MemoryStream();
        var headers = new List<byte[]> { new byte[64] };
        foreach (var (name, content) in sections)
        {
            headers.Add(Header((uint)names.Position, (ulong)(64 + body.Position), (ulong)content.Length));
            names.Write(Encoding.ASCII.GetBytes(name + "\0"));
            body.Write(Encoding.ASCII.GetBytes(content));
        }

        var namesName = (uint)names.Position;
        names.Write(".shstrtab\0"u8);
        headers.Add(Header(namesName, (ulong)(64 + body.Position), (ulong)names.Length));
        body.Write(names.ToArray());

        var file = new byte[64];
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = 1;
        file[6] = 1;

        // ET_EXEC, EM_X86_64.
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 62);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(40), (ulong)(64 + body.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(60), (ushort)headers.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(62), (ushort)(headers.Count - 1));
        return [.. file, .. body.ToArray(), .. headers.SelectMany(header => header)];
    }

    private static byte[] Header(uint name, ulong offset, ulong size)
    {
        var header = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(header, name);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), size);
        return header;
    }
}
