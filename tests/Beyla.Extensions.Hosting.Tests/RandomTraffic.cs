using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Extensions.Hosting.Tests;

/// <summary>Exchanges of two services, the same for the same seed: all kinds, with and without what may be unknown.</summary>
internal static class RandomTraffic
{
    internal static void Record(RedStore store, int seed, int exchanges)
    {
        var random = new Random(seed);
        RedService[] services =
        [
            store.Register(new ServiceInfo { ProcessId = 1, Name = "shop", Namespace = "sales", InstanceId = "host:1" }),
            store.Register(new ServiceInfo { ProcessId = 2, Name = "stock", InstanceId = "host:2" }),
        ];
        string?[] routes = ["/user/{id}", "/cart/*", null];
        int[] statuses = [200, 404, 500, 0];
        for (var i = 0; i < exchanges; i++)
        {
            services[random.Next(2)].RecordHttp(
                random.Next(2) == 0 ? SpanKind.Server : SpanKind.Client,
                random.Next(4) == 0 ? "BREW"u8 : "GET"u8,
                statuses[random.Next(4)],
                routes[random.Next(3)],
                https: random.Next(2) == 0,
                random.Next(3) == 0 ? null : "shop.example",
                random.Next(3) == 0 ? 0 : 8080,
                i % 10 == 0 ? 0.005 : Math.Pow(10, (random.NextDouble() * 6) - 4),
                random.Next(3) == 0 ? -1 : random.Next(20_000),
                random.Next(3) == 0 ? -1 : random.Next(20_000));
        }
    }
}
