namespace Beyla.Capture.Uprobes.Elf;

/// <summary>Bytes to be read at any place: a file, or memory in tests.</summary>
internal interface IByteSource
{
    /// <summary>Length in bytes when it was opened. The owner may shorten a file at any time.</summary>
    long Length { get; }

    /// <summary>Bytes read; fewer than asked for at the end only.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    int Read(long offset, Span<byte> destination);
}
