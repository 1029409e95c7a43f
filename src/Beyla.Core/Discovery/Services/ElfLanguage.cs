using System.Buffers.Binary;

namespace Beyla.Discovery.Services;

/// <summary>
/// Tells by the section headers of an executable (ELF-64, little-endian) which compiler made it. Symbols are not read:
/// they are often stripped and always many.
/// </summary>
internal static class ElfLanguage
{
    private const int HeaderSize = 64;
    private const int SectionSize = 64;
    private const int MaxSections = 1024;
    private const int MaxNames = 64 * 1024;
    private const int MaxComment = 4 * 1024;

    /// <summary>Magic, 64 bits, little-endian.</summary>
    private static ReadOnlySpan<byte> ElfStart => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1];

    /// <returns>The language; <see langword="null"/> when the sections don't tell it or the stream is no such file.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal static string? Detect(Stream file)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.StartsWith(ElfStart))
        {
            return null;
        }

        var sectionsAt = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
        var size = BinaryPrimitives.ReadUInt16LittleEndian(header[58..]);
        var count = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(header[60..]), (ushort)MaxSections);
        var namesIndex = BinaryPrimitives.ReadUInt16LittleEndian(header[62..]);
        if (size != SectionSize || namesIndex >= count)
        {
            return null;
        }

        var sections = ReadPart(file, sectionsAt, (ulong)count * SectionSize, MaxSections * SectionSize);
        if (sections.Length < count * SectionSize)
        {
            return null;
        }

        var names = ReadSection(file, sections, namesIndex, MaxNames);
        for (var i = 0; i < count; i++)
        {
            if (LanguageOf(NameOf(sections, i, names)) is { } language)
            {
                return language;
            }
        }

        return IsRust(file, sections, count, names) ? Language.Rust : null;
    }

    private static string? LanguageOf(ReadOnlySpan<byte> name) =>
        // Position-independent Go executables prefix the name: .data.rel.ro.gopclntab.
        name.EndsWith(".gopclntab"u8) || name.SequenceEqual(".go.buildinfo"u8) ? Language.Go
        // NativeAOT keeps managed code apart.
        : name.SequenceEqual("__managedcode"u8) || name.SequenceEqual(".managed"u8) ? Language.DotNet
        : null;

    private static bool IsRust(Stream file, byte[] sections, int count, byte[] names)
    {
        for (var i = 0; i < count; i++)
        {
            if (NameOf(sections, i, names).SequenceEqual(".comment"u8))
            {
                return ReadSection(file, sections, i, MaxComment).AsSpan().IndexOf("rustc version"u8) >= 0;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> NameOf(byte[] sections, int index, byte[] names)
    {
        var start = BinaryPrimitives.ReadUInt32LittleEndian(sections.AsSpan(index * SectionSize));
        if (start >= names.Length)
        {
            return default;
        }

        var name = names.AsSpan((int)start);
        var end = name.IndexOf((byte)0);
        return end < 0 ? default : name[..end];
    }

    private static byte[] ReadSection(Stream file, byte[] sections, int index, int most)
    {
        var section = sections.AsSpan(index * SectionSize, SectionSize);
        return ReadPart(
            file, BinaryPrimitives.ReadUInt64LittleEndian(section[24..]), BinaryPrimitives.ReadUInt64LittleEndian(section[32..]), most);
    }

    private static byte[] ReadPart(Stream file, ulong offset, ulong size, int most)
    {
        if (offset > (ulong)file.Length)
        {
            return [];
        }

        var part = new byte[(int)Math.Min(Math.Min(size, (ulong)most), (ulong)file.Length - offset)];
        file.Position = (long)offset;
        return part[..file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false)];
    }
}
