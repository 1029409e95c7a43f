using System.Buffers.Binary;
using System.Text;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Capture.Uprobes.Go;

/// <summary>What Go's linker says about itself in every executable (debug/buildinfo).</summary>
internal static class GoBuildInfo
{
    private const int HeaderBytes = 32;
    private const int MaxVersion = 256;
    private const byte VersionIsInline = 2;

    private static readonly byte[] Magic = [0xff, .. " Go buildinf:"u8];

    /// <summary>The version, such as <c>go1.24.4</c>; <see langword="null"/> when it is not told.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal static string? Version(ElfImage image)
    {
        if (image.TryFindSection(".go.buildinfo"u8, out var section))
        {
            return VersionAt(image, section.Offset);
        }

        foreach (var segment in image.Segments)
        {
            if (segment is { Type: ElfSegment.Load, IsExecutable: false })
            {
                foreach (var (_, offset) in ByteSearch.Find(image, segment.Offset, segment.End, Magic))
                {
                    if (VersionAt(image, offset) is { } version)
                    {
                        return version;
                    }
                }
            }
        }

        return null;
    }

    private static string? VersionAt(ElfImage image, long offset)
    {
        if (!image.Window.TryGet(offset, HeaderBytes + 2, out var header) || !header.StartsWith(Magic))
        {
            return null;
        }

        // Since 1.18 the text follows, with its length in 7 bits a byte; before, there is the address of a string header.
        if ((header[15] & VersionIsInline) != 0)
        {
            return header[HeaderBytes] < 0x80
                ? Text(image, offset + HeaderBytes + 1, header[HeaderBytes])
                : Text(image, offset + HeaderBytes + 2, (header[HeaderBytes] & 0x7fu) | ((uint)header[HeaderBytes + 1] << 7));
        }

        return image.TryToOffset(BinaryPrimitives.ReadUInt64LittleEndian(header[16..]), out var at)
            && image.Window.TryGetUInt64(at, out var address)
            && image.Window.TryGetUInt64(at + 8, out var length)
            && image.TryToOffset(address, out var text)
            ? Text(image, text, length)
            : null;
    }

    private static string? Text(ElfImage image, long offset, ulong length) =>
        length is > 0 and <= MaxVersion && image.Window.TryGet(offset, (int)length, out var text) && text.StartsWith("go"u8)
            ? Encoding.UTF8.GetString(text)
            : null;
}
