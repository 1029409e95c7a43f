using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>A file of a tebibyte that repeats its beginning for ever, and counts what is read of it.</summary>
internal sealed class EndlessSource(byte[] start) : IByteSource
{
    public long Length => 1L << 40;

    internal long BytesRead { get; private set; }

    public int Read(long offset, Span<byte> destination)
    {
        var at = (int)(offset % start.Length);
        for (var rest = destination; !rest.IsEmpty; at = 0)
        {
            var count = Math.Min(rest.Length, start.Length - at);
            start.AsSpan(at, count).CopyTo(rest);
            rest = rest[count..];
        }

        BytesRead += destination.Length;
        return destination.Length;
    }
}
