using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Exporters.Prometheus.Tests;

internal static class Scrape
{
    internal static readonly PrometheusOptions Host = new() { HostName = "node-1", HostId = "0123456789abcdef" };

    internal static ServiceInfo Info(string name = "shop", string @namespace = "", string instance = "node-1:42", params (string Key, string Value)[] resource) => new()
    {
        ProcessId = 42,
        Name = name,
        Namespace = @namespace,
        InstanceId = instance,
        Language = "go",
        ResourceAttributes = resource.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value),
    };

    internal static string Text(RedStore store, PrometheusOptions? options = null) => Text(new RedMetricsPage(store, options ?? Host).Write);

    internal static string Text(Action<PrometheusTextWriter> write, ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new(output, format));
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.WrittenSpan);
    }

    internal static void Get(this RedService service, string? route, double seconds = 0.004, long responseBytes = -1) =>
        service.RecordHttp(SpanKind.Server, "GET"u8, 200, route, https: false, "10.0.0.1", 8080, seconds, -1, responseBytes);
}
