using System.Globalization;
using System.Text.Json;
using Beyla.IntegrationTests.Capture;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Scraping;

/// <summary>A real Prometheus that scrapes some pages of this machine.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly Tool Prometheus = new("prometheus", "prometheus");
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory;
    private readonly TargetProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(TemporaryDirectory directory, TargetProcess process, int port)
    {
        _directory = directory;
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
    }

    /// <param name="pages">Host with port, and path, of each page; its job is called by the path.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PrometheusServer> StartAsync(IEnumerable<(string Target, string Path)> pages, CancellationToken cancellationToken)
    {
        var executable = Tooling.Require(Prometheus);
        var directory = new TemporaryDirectory();
        TargetProcess? process = null;
        try
        {
            var configuration = directory.File("prometheus.yml");
            await File.WriteAllTextAsync(configuration, Configuration(pages), cancellationToken);
            var port = LocalPort.Free();
            process = await TargetProcess.StartAsync(new ProcessSpec(executable,
            [
                $"--config.file={configuration}",
                $"--storage.tsdb.path={directory.File("data")}",
                string.Create(CultureInfo.InvariantCulture, $"--web.listen-address=127.0.0.1:{port}"),
                "--enable-feature=exemplar-storage",
                "--log.level=warn",
            ]) { WorkingDirectory = directory.Path });
            await process.WaitForPortAsync(port, StartTime, cancellationToken);
            var server = new PrometheusServer(directory, process, port);
            // It listens before it is ready, and says until then that it is not.
            await Poll.UntilAsync(server.IsReadyAsync, () => process.Output, cancellationToken);
            return server;
        }
        catch
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            directory.Dispose();
            throw;
        }
    }

    /// <summary>The answer to an instant query, series by series.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(string query, CancellationToken cancellationToken)
    {
        var data = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", cancellationToken);
        return data.GetProperty("resultType").GetString() == "scalar"
            ? [(new Dictionary<string, string>(), Number(data.GetProperty("result")[1]))]
            : [.. data.GetProperty("result").EnumerateArray().Select(static series => (Labels(series.GetProperty("metric")), Number(series.GetProperty("value")[1])))];
    }

    /// <summary>The answer to a query that has one series; 0 while it has none.</summary>
    public async Task<double> ValueAsync(string query, CancellationToken cancellationToken)
    {
        var result = await QueryAsync(query, cancellationToken);
        return result.Count == 0 ? 0 : Assert.Single(result).Value;
    }

    /// <summary>Waits until a query has a value.</summary>
    public Task UntilAsync(string query, double value, CancellationToken cancellationToken)
    {
        var last = double.NaN;
        return Poll.UntilAsync(
            async () => (last = await ValueAsync(query, cancellationToken)) == value,
            () => string.Create(CultureInfo.InvariantCulture, $"{query} is {last} and not {value}; {_process.Output}"),
            cancellationToken);
    }

    /// <summary>The exemplars of the last minutes.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Series, IReadOnlyDictionary<string, string> Labels, double Value, double Time)>> ExemplarsAsync(
        string query, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var range = string.Create(CultureInfo.InvariantCulture, $"start={now.AddMinutes(-5).ToUnixTimeSeconds()}&end={now.AddMinutes(1).ToUnixTimeSeconds()}");
        var data = await GetAsync($"/api/v1/query_exemplars?{range}&query={Uri.EscapeDataString(query)}", cancellationToken);
        return
        [
            .. from series in data.EnumerateArray()
               from exemplar in series.GetProperty("exemplars").EnumerateArray()
               select (Labels(series.GetProperty("seriesLabels")), Labels(exemplar.GetProperty("labels")), Number(exemplar.GetProperty("value")), exemplar.GetProperty("timestamp").GetDouble()),
        ];
    }

    /// <summary>Type and unit that a scrape told of a metric.</summary>
    public async Task<(string? Type, string? Unit)> MetadataAsync(string metric, CancellationToken cancellationToken)
    {
        var entry = (await GetAsync($"/api/v1/metadata?metric={metric}", cancellationToken)).GetProperty(metric)[0];
        return (entry.GetProperty("type").GetString(), entry.GetProperty("unit").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private static string Configuration(IEnumerable<(string Target, string Path)> pages) =>
        "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n"
        + string.Concat(pages.Select(static page =>
            $"- {{job_name: '{page.Path}', honor_labels: true, metrics_path: '{page.Path}', static_configs: [{{targets: ['{page.Target}']}}]}}\n"));

    private static Dictionary<string, string> Labels(JsonElement labels) =>
        labels.EnumerateObject().ToDictionary(static label => label.Name, static label => label.Value.GetString()!);

    private static double Number(JsonElement text) => double.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private async Task<bool> IsReadyAsync()
    {
        using var response = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative));
        return response.IsSuccessStatusCode;
    }

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        Assert.True(answer.RootElement.GetProperty("status").GetString() == "success", $"{Uri.UnescapeDataString(path)}: {answer.RootElement}");
        return answer.RootElement.GetProperty("data").Clone();
    }
}
