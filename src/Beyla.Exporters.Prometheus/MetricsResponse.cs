using System.IO.Compression;
using System.Net;

namespace Beyla.Exporters.Prometheus;

/// <summary>Answers of the metrics server.</summary>
internal static class MetricsResponse
{
    // Prometheus gives up after its scrape_timeout (10 s by default); a client that reads slower than this holds a slot for nothing.
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <returns>Bytes of the pages before compression.</returns>
    internal static async Task<long> SendAsync(HttpListenerContext context, List<IMetricsPage> pages)
    {
        using var page = new PooledBuffer();
        var format = FormatNegotiation.Choose(context.Request.Headers["Accept"]);
        var writer = new PrometheusTextWriter(page, format);
        foreach (var part in pages)
        {
            part.Write(writer);
        }

        writer.End();

        var response = context.Response;
        response.ContentType = format == ExpositionFormat.OpenMetrics ? PrometheusTextWriter.OpenMetricsContentType : PrometheusTextWriter.ContentType;
        var body = page.Written;
        if (AcceptsGzip(context.Request.Headers["Accept-Encoding"]))
        {
            response.AddHeader("Content-Encoding", "gzip");
            body = Compress(body);
        }

        response.ContentLength64 = body.Length;
        if (context.Request.HttpMethod != "HEAD")
        {
            var sending = response.OutputStream.WriteAsync(body).AsTask();
            try
            {
                await sending.WaitAsync(SendTimeout).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The pooled page may go back only after the write is done with it, which the abort brings about.
                response.Abort();
                await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }

        response.Close();
        return page.Length;
    }

    /// <summary>Answers without a body, if the client can still be answered.</summary>
    internal static void Refuse(HttpListenerResponse response, HttpStatusCode status)
    {
        try
        {
            response.StatusCode = (int)status;
            response.Close();
        }
        catch (Exception e) when (e is InvalidOperationException or HttpListenerException or IOException)
        {
            // The head has gone out or the client is gone: a cut connection is the only honest end.
            response.Abort();
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

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        var compressed = new MemoryStream(body.Length / 8);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }
}
