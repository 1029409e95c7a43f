namespace Beyla.Capture.Uprobes.Elf;

/// <summary>A section header.</summary>
/// <param name="Name">Place of the name in the section of names.</param>
/// <param name="Type"><c>SHT_*</c>.</param>
/// <param name="Address">Virtual address; 0 for what is not mapped.</param>
/// <param name="Offset">Where it starts in the file.</param>
/// <param name="Size">Bytes in the file.</param>
/// <param name="Link">Index of the section that belongs to it; of a symbol table, its strings.</param>
internal readonly record struct ElfSection(uint Name, uint Type, ulong Address, long Offset, long Size, uint Link)
{
    internal const uint SymbolTable = 2;
    internal const uint NoBits = 8;
}
