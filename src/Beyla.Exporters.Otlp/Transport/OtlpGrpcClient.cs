using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>OTLP over gRPC, one unary call a request (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).</summary>
internal sealed class OtlpGrpcClient(OtlpConnection connection, HttpMessageHandler handler) : OtlpClient(connection, handler)
{
    private const int PrefixBytes = 5;

    protected override HttpRequestMessage CreateRequest(ReadOnlyMemory<byte> body)
    {
        var compressed = Connection.Compression == OtlpCompression.Gzip;
        var message = Compress(body);
        var prefix = new byte[PrefixBytes];
        prefix[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), message.Length);

        var request = CreateRequest(new GrpcContent(prefix, message), "application/grpc");
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TE.ParseAdd("trailers");
        request.Headers.TryAddWithoutValidation("grpc-timeout", ((long)Connection.Timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "m");
        if (compressed)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
        }

        return request;
    }

    protected override OtlpAnswer Judge(HttpResponseMessage response, ReadOnlySpan<byte> content)
    {
        // An answer without content has its status in the headers ("Trailers-Only").
        var text = Header(response, "grpc-status");
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return response.IsSuccessStatusCode
                ? new(OtlpOutcome.Retry, "the answer has no grpc-status; check that the endpoint speaks gRPC", Error: "grpc_no_status")
                : OfHttp((int)response.StatusCode);
        }

        if (status == 0)
        {
            return Accept(content.Length >= PrefixBytes && content[0] == 0 ? content[PrefixBytes..] : default);
        }

        var details = Details(Header(response, "grpc-status-details-bin"));
        var delay = AnswerMessages.RetryDelay(details);
        var message = AnswerMessages.Text(System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(Header(response, "grpc-message"))));
        var explanation = $"gRPC status {status} ({Name(status)}){(message.Length == 0 ? "" : $": {message}")}";
        // RESOURCE_EXHAUSTED may be a quota that no wait refills, unless the collector says how long to wait.
        var mayRetry = status is 1 or 4 or 10 or 11 or 14 or 15 || (status == 8 && delay is not null);
        return new(mayRetry ? OtlpOutcome.Retry : OtlpOutcome.Rejected, explanation, mayRetry ? delay : null, Error: OtlpAnswer.ErrorOfGrpc(status));
    }

    // What a proxy on the way means by its HTTP status (gRPC, "HTTP to gRPC Status Code Mapping").
    private static OtlpAnswer OfHttp(int status) => status is 429 or 502 or 503 or 504
        ? new(OtlpOutcome.Retry, $"HTTP {status}", Error: OtlpAnswer.ErrorOfHttp(status))
        : new(OtlpOutcome.Rejected, $"HTTP {status}; check that the endpoint speaks gRPC", Error: OtlpAnswer.ErrorOfHttp(status));

    private static string Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values) ? values.First() : "";

    private static byte[] Details(string base64)
    {
        // The padding is optional there.
        var padded = base64.PadRight((base64.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : [];
    }

    private static string Name(int status) => status switch
    {
        1 => "CANCELLED",
        3 => "INVALID_ARGUMENT",
        4 => "DEADLINE_EXCEEDED",
        5 => "NOT_FOUND",
        7 => "PERMISSION_DENIED, check the headers that carry the credentials",
        8 => "RESOURCE_EXHAUSTED",
        10 => "ABORTED",
        11 => "OUT_OF_RANGE",
        12 => "UNIMPLEMENTED, the endpoint takes no OTLP of this signal",
        13 => "INTERNAL",
        14 => "UNAVAILABLE",
        15 => "DATA_LOSS",
        16 => "UNAUTHENTICATED, check the headers that carry the credentials",
        _ => "UNKNOWN",
    };

    /// <summary>Prefix and message, one behind the other without copying them together.</summary>
    private sealed class GrpcContent(byte[] prefix, ReadOnlyMemory<byte> message) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(prefix).ConfigureAwait(false);
            await stream.WriteAsync(message).ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = prefix.Length + message.Length;
            return true;
        }
    }
}
