using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>A file some of whose bytes are others, that ends early, or that claims to be longer than it is.</summary>
internal sealed class PatchedSource(byte[] file, long claimedLength, params (int Position, byte Value)[] patches) : IByteSource
{
    public long Length => claimedLength;

    public int Read(long offset, Span<byte> destination)
    {
        var end = Math.Min(file.Length, claimedLength);
        if (offset >= end)
        {
            return 0;
        }

        var count = (int)Math.Min(end - offset, destination.Length);
        file.AsSpan((int)offset, count).CopyTo(destination);
        foreach (var (position, value) in patches)
        {
            if (position >= offset && position < offset + count)
            {
                destination[(int)(position - offset)] = value;
            }
        }

        return count;
    }
}
