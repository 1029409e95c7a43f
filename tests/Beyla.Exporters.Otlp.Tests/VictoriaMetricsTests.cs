using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Beyla.Metrics;
using Beyla.Tests.Shared;
using Beyla.Tracing;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>A real back end takes what is sent and answers PromQL with the truth. test.sh unpacks it from Debian.</summary>
public sealed class VictoriaMetricsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpCompression.None)]
    [InlineData(OtlpCompression.Gzip)]
    public async Task VictoriaMetrics_answers_with_the_truth(OtlpCompression compression)
    {
        var binary = FindBinary();
        if (binary is null && Environment.GetEnvironmentVariable("BEYLA_REQUIRE_RUNTIMES") != "1")
        {
            Assert.Skip("VictoriaMetrics is not unpacked: run ./test.sh, or eng/debian/unpack.sh sid artifacts/victoria-metrics victoria-metrics.");
        }

        Assert.NotNull(binary);
        var folder = Directory.CreateTempSubdirectory("beyla-vm-").FullName;
        var port = LocalPort.Free();
        using var process = Process.Start(new ProcessStartInfo(binary, [$"-httpListenAddr=127.0.0.1:{port}", $"-storageDataPath={folder}", "-opentelemetry.usePrometheusNaming", "-search.latencyOffset=0s", "-loggerLevel=ERROR"]))!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Until(async () => (await http.GetAsync(new Uri("/health", UriKind.Relative), Token)).IsSuccessStatusCode);
            var store = new RedStore();
            var shop = store.Register(Samples.Shop);
            var stock = store.Register(Samples.Stock);
            for (var i = 0; i < 90; i++)
            {
                shop.RecordHttp(SpanKind.Server, "GET"u8, i % 9 == 0 ? 500 : 200, "/a/{id}", https: false, "shop", 80, 0.004, 10, 20);
                stock.RecordHttp(SpanKind.Server, "PUT"u8, 200, "/b", https: false, "stock", 80, 0.3, 10, 20);
            }

            await using (var exporter = new OtlpMetricsExporter(new OtlpExporterOptions
            {
                Compression = compression,
                Protocol = OtlpProtocol.HttpProtobuf,
                Metrics = { Endpoint = new Uri(http.BaseAddress, "/opentelemetry/v1/metrics"), Interval = TimeSpan.FromHours(1) },
            }))
            {
                await exporter.StartAsync(new StoreSession(store), Token);
                await exporter.ExportAsync(Token);
                Assert.Equal((0, exporter.Account.Received), (exporter.Account.Dropped, exporter.Account.Exported));
            }

            const string Metric = "http_server_request_duration_seconds";
            await Until(async () => await Ask(http, $"sum({Metric}_count)") == 180);
            Assert.Equal(90, await Ask(http, $"sum({Metric}_count{{\"service.name\"=\"shop\"}}) or sum({Metric}_count{{service_name=\"shop\"}})"));
            Assert.Equal(10, await Ask(http, $"sum({Metric}_count{{http_response_status_code=\"500\"}})"));
            Assert.Equal(27, Math.Round(await Ask(http, $"sum({Metric}_sum{{http_route=\"/b\"}})"), 6));
            Assert.InRange(await Ask(http, $"histogram_quantile(0.9, sum by (le) ({Metric}_bucket{{http_route=\"/a/{{id}}\"}}))"), 0, 0.005);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> Ask(HttpClient http, string query)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/api/v1/query?nocache=1&query={Uri.EscapeDataString(query)}", UriKind.Relative), Token));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? double.NaN : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Deadline);
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It is still starting.
            }

            await Task.Delay(50, limit.Token);
        }
    }

    private static string? FindBinary()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var binary = Path.Combine(folder, "artifacts", "victoria-metrics", "usr", "bin", "victoria-metrics");
            if (File.Exists(binary))
            {
                return binary;
            }
        }

        return null;
    }
}
