namespace Beyla.Capture.Uprobes.Elf;

/// <summary>The bytes of a file that is in memory already.</summary>
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
