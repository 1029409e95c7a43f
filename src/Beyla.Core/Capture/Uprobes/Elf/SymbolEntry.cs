using System.Buffers.Binary;

namespace Beyla.Capture.Uprobes.Elf;

/// <summary>An entry of a symbol table, dynamic or not (<c>Elf64_Sym</c>).</summary>
internal readonly struct SymbolEntry(ReadOnlySpan<byte> bytes)
{
    internal const int Bytes = 24;
    private const int TypeFunction = 2;

    /// <summary>Place of the name in the table's strings.</summary>
    internal uint Name { get; } = BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    internal ulong Address { get; } = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);

    internal ulong Size { get; } = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);

    /// <summary>Whether it is a function with code in this file. One that is chosen at load time (IFUNC) is not: its address is that of the chooser.</summary>
    internal bool IsDefinedFunction { get; } = (bytes[4] & 0xf) == TypeFunction && BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) != 0;
}
