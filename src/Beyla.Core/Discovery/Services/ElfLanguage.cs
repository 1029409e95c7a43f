using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Discovery.Services;

/// <summary>
/// Tells by the section headers of an executable which compiler made it. Symbols are not read: they are often stripped and
/// always many.
/// </summary>
internal static class ElfLanguage
{
    private const int MaxComment = 4 * 1024;

    /// <returns>The language; <see langword="null"/> when the sections don't tell it or the file is no executable.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal static string? Detect(IByteSource file)
    {
        if (ElfImage.TryRead(file, out _) is not { } image)
        {
            return null;
        }

        // Position-independent Go executables prefix the name of the table.
        return Has(image, ".go.buildinfo"u8) || Has(image, ".gopclntab"u8) || Has(image, ".data.rel.ro.gopclntab"u8) ? Language.Go
            // NativeAOT keeps managed code apart.
            : Has(image, "__managedcode"u8) || Has(image, ".managed"u8) ? Language.DotNet
            : IsRust(image) ? Language.Rust
            : null;
    }

    private static bool Has(ElfImage image, ReadOnlySpan<byte> section) => image.TryFindSection(section, out _);

    private static bool IsRust(ElfImage image) =>
        image.TryFindSection(".comment"u8, out var comment)
        && image.Window.UpTo(comment.Offset, (int)Math.Min(comment.Size, MaxComment)).IndexOf("rustc version"u8) >= 0;
}
