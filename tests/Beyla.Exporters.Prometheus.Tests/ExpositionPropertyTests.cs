using Beyla.Metrics;
using Beyla.Tracing;
using CsCheck;

namespace Beyla.Exporters.Prometheus.Tests;

public sealed class ExpositionPropertyTests
{
    private static readonly Gen<string> Route = Gen.String[Gen.Char["/a\"\\\n{},é漢"], 0, 8];

    [Fact]
    public void Whatever_was_recorded_reads_back_with_right_totals()
    {
        var exchange = Gen.Select(Route, Gen.Double[0, 20], Gen.Long[-1, 20_000], Gen.Int[0, 1], Gen.Int[0, 3].Select(i => i == 0 ? 0 : (i * 100) + 100));
        exchange.List[1, 40].Sample(exchanges =>
        {
            var store = new RedStore(new() { MaxSeriesPerService = 20 });
            RedService[] services = [store.Register(Scrape.Info("a", instance: "\"quoted\"\n")), store.Register(Scrape.Info("b", "ns"))];
            foreach (var (route, seconds, bytes, service, status) in exchanges)
            {
                services[service].RecordHttp(SpanKind.Server, "GET"u8, status, route, https: false, "host", 80, seconds, bytes, -1);
            }

            var page = Exposition.Parse(Scrape.Text(store));
            CheckHistograms(page);
            foreach (var (info, index) in services.Select((service, index) => (service.Info, index)))
            {
                var mine = exchanges.Where(e => e.Item4 == index).ToList();
                Assert.Equal(mine.Count, Total("http_server_request_duration_seconds_count"));
                Assert.Equal(mine.Sum(e => e.Item2), Total("http_server_request_duration_seconds_sum"), 1e-6);
                Assert.Equal(mine.Count(e => e.Item3 >= 0), Total("http_server_request_body_size_bytes_count"));
                if (!page.Samples.Any(sample => sample["otel_metric_overflow"] is not null))
                {
                    Assert.Equal(
                        mine.Select(e => e.Item1).Where(route => route.Length > 0).Distinct().Order(StringComparer.Ordinal),
                        page.Samples.Where(sample => sample["instance"] == info.InstanceId).Select(sample => sample["http_route"]!)
                            .Where(route => route is not null).Distinct().Order(StringComparer.Ordinal));
                }

                double Total(string name) =>
                    page.Samples.Where(sample => sample.Name == name && sample["instance"] == info.InstanceId).Sum(sample => sample.Value);
            }
        }, iter: 60, threads: 1);
    }

    private static void CheckHistograms(Exposition page)
    {
        foreach (var (family, _) in page.Types.Where(type => type.Value == "histogram"))
        {
            var series = page.Samples.Where(sample => sample.Name.StartsWith(family + "_", StringComparison.Ordinal)).GroupBy(sample => sample.SeriesOf(family));
            foreach (var lines in series)
            {
                var buckets = lines.Where(line => line.Name == family + "_bucket").ToList();
                var bounds = buckets.Select(bucket => bucket["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(bucket["le"]!)).ToList();
                Assert.Equal(bounds.Order(), bounds);
                Assert.Equal(double.PositiveInfinity, bounds[^1]);
                Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
                Assert.Equal(Assert.Single(lines, line => line.Name == family + "_count").Value, buckets[^1].Value);
                Assert.Single(lines, line => line.Name == family + "_sum");
            }
        }
    }
}
