using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>OTLP over gRPC, one unary call a request (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).</summary>
internal sealed class OtlpGrpcClient(OtlpConnection connection, HttpMessageHandler handler) : OtlpClient(connection, handler)
{
    private const int PrefixBytes = 5;

    protected override string MediaType => "application/grpc";

    protected override ReadOnlyMemory<byte> Prefix(int messageLength)
    {
        var prefix = new byte[PrefixBytes];
        prefix[0] = IsCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), messageLength);
        return prefix;
    }

    protected override void Complete(HttpRequestMessage request)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TE.ParseAdd("trailers");
        request.Headers.TryAddWithoutValidation("grpc-timeout", TimeoutText(Connection.Timeout));
        if (IsCompressed)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
        }
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
        8 => $"RESOURCE_EXHAUSTED, if the message is too large let the collector take larger ones, or send smaller ones (in code {nameof(OtlpExporterOptions.MaxRequestBytes)})",
        10 => "ABORTED",
        11 => "OUT_OF_RANGE",
        12 => "UNIMPLEMENTED, the endpoint takes no OTLP of this signal",
        13 => "INTERNAL",
        14 => "UNAVAILABLE",
        15 => "DATA_LOSS",
        16 => "UNAUTHENTICATED, check the headers that carry the credentials",
        _ => "UNKNOWN",
    };

    // At most eight digits are allowed.
    private static string TimeoutText(TimeSpan timeout)
    {
        var milliseconds = (long)Math.Ceiling(timeout.TotalMilliseconds);
        return milliseconds < 100_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Min(99_999_999, milliseconds / 1000)}S");
    }
}
