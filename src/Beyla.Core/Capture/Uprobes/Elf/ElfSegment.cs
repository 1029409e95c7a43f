namespace Beyla.Capture.Uprobes.Elf;

/// <summary>A program header.</summary>
/// <param name="Type"><c>PT_*</c>.</param>
/// <param name="IsExecutable">Whether it is mapped executable.</param>
/// <param name="Offset">Where it starts in the file.</param>
/// <param name="Address">The virtual address for which the file was linked.</param>
/// <param name="FileSize">Bytes that come from the file.</param>
internal readonly record struct ElfSegment(uint Type, bool IsExecutable, long Offset, ulong Address, ulong FileSize)
{
    internal const uint Load = 1;
    internal const uint Dynamic = 2;
    internal const uint Interpreter = 3;
    internal const uint Note = 4;

    /// <summary>Where it ends in the file; may lie behind the file's end.</summary>
    internal long End => Offset + (long)Math.Min(FileSize, long.MaxValue / 2);
}
