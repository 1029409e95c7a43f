using System.Diagnostics;
using Beyla.Metrics;

namespace Beyla.Exporters.Prometheus.Tests;

public sealed class PromtoolTests
{
    [Fact]
    public async Task Promtool_finds_nothing_to_complain_about()
    {
        var promtool = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "promtool")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(promtool is null, "promtool is not installed (Debian: apt-get install prometheus)");
        var store = new RedStore(new() { MaxSeriesPerService = 2 });
        var service = store.Register(Scrape.Info(resource: ("a.b", "quoted \" and \\")));
        service.Get("/a", responseBytes: 12);
        service.Get("/b", 0.000001);
        service.Get("/over the limit", 1e9);

        using var process = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(Scrape.Text(store));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", output);
        Assert.Equal(0, process.ExitCode);
    }
}
