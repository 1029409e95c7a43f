using System.Globalization;
using System.Net;
using System.Text;

namespace Beyla.Exporters.Prometheus;

/// <summary>An answer to a scrape, made before the first byte of it is sent: a page that fails is an error and not half a page.</summary>
internal sealed class MetricsResponse : IDisposable
{
    private readonly SegmentedBuffer _content = new();
    private readonly StringBuilder _fields = new();
    private readonly HttpStatusCode _status;

    private MetricsResponse(HttpStatusCode status) => _status = status;

    /// <summary>Bytes of the pages before compression.</summary>
    internal long PageBytes { get; private set; }

    /// <summary>Called at the end, when the memory is free again.</summary>
    internal Action? Released { get; init; }

    public void Dispose()
    {
        _content.Dispose();
        Released?.Invoke();
    }

    /// <summary>The metrics as they are now.</summary>
    internal static MetricsResponse Of(IEnumerable<IMetricsPage> pages, RequestHead request, Action released)
    {
        var response = new MetricsResponse(HttpStatusCode.OK) { Released = released };
        try
        {
            var (format, contentType) = FormatNegotiation.Choose(request.Accept);
            response.Field("Content-Type", contentType);
            response.Field("Vary", "Accept, Accept-Encoding");
            response.Write(pages, format, AcceptsGzip(request.AcceptEncoding));
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>An answer without content.</summary>
    internal static MetricsResponse Refusal(HttpStatusCode status)
    {
        var response = new MetricsResponse(status);
        if (status == HttpStatusCode.MethodNotAllowed)
        {
            response.Field("Allow", "GET, HEAD");
        }

        return response;
    }

    /// <param name="output">The connection.</param>
    /// <param name="withContent">Not for HEAD.</param>
    /// <param name="keepsAlive">Whether another answer may follow on the connection.</param>
    /// <param name="cancellationToken">The client takes too long.</param>
    internal async Task SendAsync(Stream output, bool withContent, bool keepsAlive, CancellationToken cancellationToken)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {(int)_status} {_status}\r\nDate: {DateTimeOffset.UtcNow:R}\r\n{_fields}Content-Length: {_content.Length}\r\n{(keepsAlive ? "" : "Connection: close\r\n")}\r\n");
        await output.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken).ConfigureAwait(false);
        if (withContent)
        {
            foreach (var segment in _content.Segments)
            {
                await output.WriteAsync(segment, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether an Accept-Encoding field takes gzip (RFC 9110 §12.5.3): named, and not with weight 0.</summary>
    internal static bool AcceptsGzip(string? acceptEncoding)
    {
        foreach (var coding in (acceptEncoding ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = coding.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Equals("gzip", StringComparison.OrdinalIgnoreCase))
            {
                return !parts.Skip(1).Any(IsWeightZero);
            }
        }

        return false;
    }

    private static bool IsWeightZero(string parameter) =>
        parameter.StartsWith("q=0", StringComparison.OrdinalIgnoreCase) && parameter.AsSpan(3).TrimStart('.').Trim('0').IsEmpty;

    private void Write(IEnumerable<IMetricsPage> pages, ExpositionFormat format, bool compresses)
    {
        if (!compresses)
        {
            Write(pages, new PrometheusTextWriter(_content, format));
            PageBytes = _content.Length;
            return;
        }

        Field("Content-Encoding", "gzip");
        using var gzip = new GzipBuffer(_content);
        Write(pages, new PrometheusTextWriter(gzip, format));
        PageBytes = gzip.Length;
    }

    private static void Write(IEnumerable<IMetricsPage> pages, PrometheusTextWriter writer)
    {
        foreach (var page in pages)
        {
            page.Write(writer);
        }

        writer.End();
    }

    private void Field(string name, string value) => _fields.Append(name).Append(": ").Append(value).Append("\r\n");
}
