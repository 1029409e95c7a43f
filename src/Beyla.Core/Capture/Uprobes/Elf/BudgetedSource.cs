namespace Beyla.Capture.Uprobes.Elf;

/// <summary>
/// Bytes of which no more than so many are read, again and again included. Real executables come nowhere near; it ends every
/// loop over a file whose tables claim to be endless, or lead in circles.
/// </summary>
internal sealed class BudgetedSource(IByteSource source, long bytes) : IByteSource
{
    private long _left = bytes;

    public long Length => source.Length;

    public int Read(long offset, Span<byte> destination)
    {
        var count = source.Read(offset, destination[..(int)Math.Min(destination.Length, _left)]);
        _left -= count;
        return count;
    }
}
