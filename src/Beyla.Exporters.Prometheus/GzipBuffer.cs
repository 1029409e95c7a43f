using System.Buffers;
using System.IO.Compression;

namespace Beyla.Exporters.Prometheus;

/// <summary>Compresses what is written, as it is written: of a page with thousands of series only a small part is ever in memory.</summary>
internal sealed class GzipBuffer : IBufferWriter<byte>, IDisposable
{
    private const int StagingBytes = 64 * 1024;

    private readonly GZipStream _gzip;
    private byte[] _staging = ArrayPool<byte>.Shared.Rent(StagingBytes);
    private int _count;

    /// <summary>Writes to <paramref name="output"/>, which stays open.</summary>
    internal GzipBuffer(Stream output) => _gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true);

    /// <summary>Bytes before compression.</summary>
    internal long Length { get; private set; }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_staging.Length - _count), nameof(count));
        _count += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _staging.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(Math.Max(1, sizeHint));
        return _staging.AsSpan(_count);
    }

    /// <summary>Writes the end of the compressed data.</summary>
    public void Dispose()
    {
        Compress();
        _gzip.Dispose();
        ArrayPool<byte>.Shared.Return(_staging);
        _staging = [];
    }

    private void EnsureRoom(int size)
    {
        if (_staging.Length - _count >= size)
        {
            return;
        }

        Compress();
        if (_staging.Length < size)
        {
            ArrayPool<byte>.Shared.Return(_staging);
            _staging = ArrayPool<byte>.Shared.Rent(size);
        }
    }

    private void Compress()
    {
        _gzip.Write(_staging, 0, _count);
        _count = 0;
    }
}
