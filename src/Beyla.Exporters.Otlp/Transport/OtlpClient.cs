using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>Sends encoded requests to a collector, one at a time, and says what became of each. Never throws for what network or collector do.</summary>
internal abstract class OtlpClient(OtlpConnection connection, HttpMessageHandler handler) : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;

    // The stack lets go of a message within microseconds of the end of an attempt; to wait for ever would be worse than a garbled request that nobody reads.
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(5);

    private static readonly string UserAgent = $"Beyla-OTLP-Exporter-DotNet/{BeylaInstrumentation.Version}";

    private readonly HttpClient _http = new(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    private readonly MemoryStream _compressed = new();

    protected OtlpConnection Connection { get; } = connection;

    protected bool IsCompressed => Connection.Compression == OtlpCompression.Gzip;

    /// <summary>The client for a connection.</summary>
    /// <exception cref="InvalidDataException">A certificate file is not what it should be.</exception>
    internal static OtlpClient Create(OtlpConnection connection, TimeProvider timeProvider)
    {
        var handler = OtlpHandler.Create(connection);
        return connection.Protocol == OtlpProtocol.Grpc
            ? new OtlpGrpcClient(connection, handler)
            : new OtlpHttpClient(connection, handler, timeProvider);
    }

    public void Dispose()
    {
        _http.Dispose();
        _compressed.Dispose();
    }

    /// <summary>Makes a message ready for any number of attempts. Valid until the next call.</summary>
    /// <param name="body">The protobuf message.</param>
    internal ReadOnlyMemory<byte> Prepare(ReadOnlyMemory<byte> body)
    {
        if (!IsCompressed)
        {
            return body;
        }

        _compressed.SetLength(0);
        using (var gzip = new GZipStream(_compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return _compressed.GetBuffer().AsMemory(0, (int)_compressed.Length);
    }

    /// <summary>Makes one attempt.</summary>
    /// <param name="message">What <see cref="Prepare"/> made.</param>
    /// <param name="cancellationToken">Gives up; the only thing that throws.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    internal async Task<OtlpAnswer> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        attempt.CancelAfter(Connection.Timeout);
        using var content = new OtlpContent(Prefix(message.Length), message);
        try
        {
            using var request = CreateRequest(content);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, attempt.Token).ConfigureAwait(false);
            var answer = await ReadAsync(response, attempt.Token).ConfigureAwait(false);
            return Judge(response, answer.Span);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(OtlpOutcome.Retry, string.Create(CultureInfo.InvariantCulture, $"no answer within {Connection.Timeout.TotalSeconds:0.###} s; look at what holds up the collector, or raise the timeout"), Error: "timeout");
        }
#pragma warning disable CA1031 // whatever a collector makes the network stack throw, the exporter lives on and tells of it
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return new(OtlpOutcome.Retry, ConnectionErrors.Explain(exception, Connection), Error: "connection");
        }
        finally
        {
            await attempt.CancelAsync().ConfigureAwait(false);
            await content.WhenReleasedAsync(ReleaseLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Media type of requests.</summary>
    protected abstract string MediaType { get; }

    /// <summary>What goes before a message of that length.</summary>
    protected virtual ReadOnlyMemory<byte> Prefix(int messageLength) => default;

    /// <summary>Says in the request what the transport wants to have said.</summary>
    protected abstract void Complete(HttpRequestMessage request);

    protected abstract OtlpAnswer Judge(HttpResponseMessage response, ReadOnlySpan<byte> content);

    /// <summary>An accepted request, of which a part may have been refused all the same.</summary>
    protected static OtlpAnswer Accept(ReadOnlySpan<byte> response)
    {
        var (rejected, message) = AnswerMessages.PartialSuccess(response);
        return new(OtlpOutcome.Accepted, message, RejectedItems: rejected);
    }

    private HttpRequestMessage CreateRequest(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        var request = new HttpRequestMessage(HttpMethod.Post, Connection.Url)
        {
            Content = content,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        Complete(request);
        foreach (var (name, value) in Connection.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!Connection.Headers.ContainsKey("User-Agent"))
        {
            request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        }

        return request;
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
