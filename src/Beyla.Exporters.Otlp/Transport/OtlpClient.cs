using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>Sends encoded requests to a collector and says what became of each. Never throws for what network or collector do.</summary>
internal abstract class OtlpClient(OtlpConnection connection, HttpMessageHandler handler) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    private readonly HttpClient _http = new(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    protected OtlpConnection Connection { get; } = connection;

    /// <summary>The client for a connection.</summary>
    /// <exception cref="InvalidDataException">A certificate file is not what it should be.</exception>
    internal static OtlpClient Create(OtlpConnection connection, TimeProvider timeProvider)
    {
        var handler = OtlpTls.CreateHandler(connection);
        return connection.Protocol == OtlpProtocol.Grpc
            ? new OtlpGrpcClient(connection, handler)
            : new OtlpHttpClient(connection, handler, timeProvider);
    }

    public void Dispose() => _http.Dispose();

    /// <param name="body">The protobuf message.</param>
    /// <param name="cancellationToken">Gives up; the only thing that throws.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    internal async Task<OtlpAnswer> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(Connection.Timeout);
        try
        {
            using var request = CreateRequest(body);
            foreach (var (name, value) in Connection.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
            var content = await ReadAsync(response, attempt.Token).ConfigureAwait(false);
            return Judge(response, content.Span);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(OtlpOutcome.Retry, $"no answer within {Connection.Timeout.TotalSeconds:0.###} s", Error: "timeout");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new(OtlpOutcome.Retry, OtlpTls.Explain(exception, Connection), Error: "connection");
        }
    }

    protected abstract HttpRequestMessage CreateRequest(ReadOnlyMemory<byte> body);

    protected abstract OtlpAnswer Judge(HttpResponseMessage response, ReadOnlySpan<byte> content);

    /// <summary>An accepted request, of which a part may have been refused all the same.</summary>
    protected static OtlpAnswer Accept(ReadOnlySpan<byte> response)
    {
        var (rejected, message) = AnswerMessages.PartialSuccess(response);
        return new(OtlpOutcome.Accepted, message, RejectedItems: rejected);
    }

    protected ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        if (Connection.Compression == OtlpCompression.None)
        {
            return body;
        }

        var compressed = new MemoryStream((body.Length / 4) + 64);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    protected HttpRequestMessage CreateRequest(HttpContent content, string mediaType) => new(HttpMethod.Post, Connection.Url)
    {
        Content = WithType(content, mediaType),
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        Version = HttpVersion.Version11,
    };

    private static HttpContent WithType(HttpContent content, string mediaType)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    // A collector's answer is short; what is longer is not read, whoever sends it.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var bytes = new byte[4096];
            var length = 0;
            while (true)
            {
                var count = await stream.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += count;
                if (count == 0 || length >= MaxAnswerBytes)
                {
                    return bytes.AsMemory(0, length);
                }

                if (length == bytes.Length)
                {
                    Array.Resize(ref bytes, bytes.Length * 2);
                }
            }
        }
    }
}
