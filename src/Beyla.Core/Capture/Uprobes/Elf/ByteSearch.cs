namespace Beyla.Capture.Uprobes.Elf;

/// <summary>Looks for texts in a part of a file, in one pass over it.</summary>
internal static class ByteSearch
{
    private const int Chunk = 256 * 1024;

    /// <param name="image">The file.</param>
    /// <param name="start">Offset of the part.</param>
    /// <param name="end">Offset of its end; may lie behind that of the file.</param>
    /// <param name="needles">Each shorter than a chunk of 256 KiB.</param>
    /// <returns>Which needle was found and at what offset in the file; one after another only within a needle.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal static IEnumerable<(int Needle, long Offset)> Find(ElfImage image, long start, long end, params byte[][] needles)
    {
        var overlap = needles.Max(needle => needle.Length) - 1;
        var window = image.NewWindow(Chunk);
        end = Math.Min(end, image.Length);
        for (var at = start; at < end; at += Chunk - overlap)
        {
            var length = window.UpTo(at, (int)Math.Min(Chunk, end - at)).Length;
            if (length == 0)
            {
                yield break;
            }

            for (var i = 0; i < needles.Length; i++)
            {
                // What begins in the overlap is found in the next chunk, too.
                var own = length < Chunk ? length : Chunk - overlap;
                for (var from = 0; IndexIn(window.UpTo(at, length), from, needles[i]) is >= 0 and var into && into < own; from = into + 1)
                {
                    yield return (i, at + into);
                }
            }
        }
    }

    private static int IndexIn(ReadOnlySpan<byte> chunk, int from, byte[] needle)
    {
        var into = from < chunk.Length ? chunk[from..].IndexOf(needle) : -1;
        return into < 0 ? into : from + into;
    }
}
