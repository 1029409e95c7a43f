using Microsoft.Win32.SafeHandles;

namespace Beyla.Capture.Uprobes.Elf;

/// <summary>
/// The bytes of a file, read and not mapped: an observed process may shorten its file under the reader, which ends a read
/// early, but would kill the reader of a mapping (SIGBUS).
/// </summary>
internal sealed class FileByteSource(SafeFileHandle file) : IByteSource
{
    public long Length { get; } = RandomAccess.GetLength(file);

    public int Read(long offset, Span<byte> destination)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var count = RandomAccess.Read(file, destination[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }
}
