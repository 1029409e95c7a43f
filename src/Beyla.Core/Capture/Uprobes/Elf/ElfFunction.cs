namespace Beyla.Capture.Uprobes.Elf;

/// <summary>A function in an executable file.</summary>
/// <param name="Name">As the file has it, mangled or not.</param>
/// <param name="Address">Virtual address for which the file was linked.</param>
/// <param name="Offset">Offset of its first instruction in the file, as uprobes want it.</param>
/// <param name="Size">Its length in bytes; 0 when the file doesn't say.</param>
internal readonly record struct ElfFunction(string Name, ulong Address, long Offset, ulong Size);
