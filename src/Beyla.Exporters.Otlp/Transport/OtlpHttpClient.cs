using System.Net;

namespace Beyla.Exporters.Otlp.Transport;

/// <summary>OTLP over HTTP with protobuf (https://opentelemetry.io/docs/specs/otlp/#otlphttp).</summary>
internal sealed class OtlpHttpClient(OtlpConnection connection, HttpMessageHandler handler, TimeProvider timeProvider) : OtlpClient(connection, handler)
{
    protected override string MediaType => "application/x-protobuf";

    protected override void Complete(HttpRequestMessage request)
    {
        if (IsCompressed)
        {
            request.Content!.Headers.ContentEncoding.Add("gzip");
        }
    }

    protected override OtlpAnswer Judge(HttpResponseMessage response, ReadOnlySpan<byte> content)
    {
        if (response.IsSuccessStatusCode)
        {
            return Accept(content);
        }

        var code = (int)response.StatusCode;
        var message = response.Content.Headers.ContentType?.MediaType == "application/x-protobuf" ? AnswerMessages.StatusMessage(content) : AnswerMessages.Text(content);
        var explanation = $"HTTP {code}{Hint(response)}{(message.Length == 0 ? "" : $": {message}")}";
        return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? new(OtlpOutcome.Retry, explanation, RetryAfter(response), Error: OtlpAnswer.ErrorOfHttp(code))
            : new(OtlpOutcome.Rejected, explanation, Error: OtlpAnswer.ErrorOfHttp(code));
    }

    private static string Hint(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ", check the headers that carry the credentials",
        HttpStatusCode.NotFound => ", check the path: /v1/traces and /v1/metrics are appended to the endpoint of all signals only, not to that of one",
        HttpStatusCode.RequestEntityTooLarge => $", let the collector take larger requests, or send smaller ones (in code {nameof(OtlpExporterOptions.MaxRequestBytes)})",
        HttpStatusCode.UnsupportedMediaType => ", check that the endpoint takes OTLP with protobuf",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => $", a redirection to {response.Headers.Location}, which is not followed: give that URL as the endpoint",
        _ => "",
    };

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var pause = asked?.Delta ?? (asked?.Date is { } date ? date - timeProvider.GetUtcNow() : null);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }
}
