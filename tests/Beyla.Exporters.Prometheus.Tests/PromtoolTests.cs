using System.Diagnostics;
using Beyla.Metrics;

namespace Beyla.Exporters.Prometheus.Tests;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Promtool_finds_nothing_to_complain_about()
    {
        var store = new RedStore(new() { MaxSeriesPerService = 2 });
        var service = store.Register(Scrape.Info(resource: ("a.b", "quoted \" and \\")));
        service.Get("/a", responseBytes: 12);
        service.Get("/b", 0.000001);
        service.Get("/over the limit", 1e9);
        await using var server = new PrometheusHttpServer(new() { Port = 9400 });
        server.Map("/metrics", new RedMetricsPage(store));

        // As one page, which has all that two pages have.
        await ExpectCleanAsync(Scrape.Text(writer =>
        {
            new RedMetricsPage(store, new() { ExtraResourceAttributes = { "a.b" } }).Write(writer);
            new TelemetryPage(store).Write(writer);
            new TelemetryPage(server).Write(writer);
        }));
    }

    [Fact]
    public async Task Promtool_is_asked()
    {
        await Assert.ThrowsAnyAsync<Exception>(static () => ExpectCleanAsync("# TYPE x counter\nx 1\n"));
    }

    private static async Task ExpectCleanAsync(string page)
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool is not installed (Debian: apt-get install prometheus)");
        using var process = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(page);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", output);
        Assert.Equal(0, process.ExitCode);
    }
}
