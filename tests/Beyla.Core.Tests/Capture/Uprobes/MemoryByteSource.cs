using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>The bytes of a file that is in memory.</summary>
internal sealed class MemoryByteSource(ReadOnlyMemory<byte> bytes) : IByteSource
{
    public long Length => bytes.Length;

    public int Read(long offset, Span<byte> destination)
    {
        var rest = bytes.Span[(int)Math.Min(offset, bytes.Length)..];
        var count = Math.Min(rest.Length, destination.Length);
        rest[..count].CopyTo(destination);
        return count;
    }
}
