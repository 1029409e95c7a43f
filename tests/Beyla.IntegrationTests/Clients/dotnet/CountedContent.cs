using System.Net;

/// <summary>Content of a size that counts what has really been handed over.</summary>
internal sealed class CountedContent(int size, bool chunked) : HttpContent
{
    private const int Piece = 16 * 1024;

    public int Sent { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = new byte[Piece];
        for (Sent = 0; Sent < size;)
        {
            var length = Math.Min(Piece, size - Sent);
            await stream.WriteAsync(piece.AsMemory(0, length));
            Sent += length;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return !chunked;
    }
}
