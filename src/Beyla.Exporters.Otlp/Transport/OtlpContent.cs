using System.Net;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>Prefix and message, one behind the other without copying them together.</summary>
internal sealed class OtlpContent(ReadOnlyMemory<byte> prefix, ReadOnlyMemory<byte> message) : HttpContent
{
    private Task _writing = Task.CompletedTask;

    /// <summary>
    /// Waits until nobody reads the message any more. A collector may answer, or an attempt end, while the message is still
    /// being written; the buffer that it lies in is used again.
    /// </summary>
    internal Task WhenReleasedAsync(TimeSpan limit) => _writing.WaitAsync(limit);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _writing = WriteAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = prefix.Length + message.Length;
        return true;
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (!prefix.IsEmpty)
        {
            await stream.WriteAsync(prefix, cancellationToken).ConfigureAwait(false);
        }

        await stream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
    }
}
