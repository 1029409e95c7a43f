using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Metrics;

internal static class Recording
{
    internal static void Get(this RedService service, string? route, int status = 200, double seconds = 0.004) =>
        service.RecordHttp(SpanKind.Server, "GET"u8, status, route, https: false, "shop.example", 80, seconds, -1, -1);
}
