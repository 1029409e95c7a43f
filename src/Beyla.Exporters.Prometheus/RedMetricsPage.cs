using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Beyla.Metrics;
using Beyla.Tracing;

namespace Beyla.Exporters.Prometheus;

/// <summary>The metrics of a <see cref="RedStore"/>, with <c>target_info</c> of each running service and <c>beyla_build_info</c>.</summary>
public sealed class RedMetricsPage : IMetricsPage
{
    // What samples have besides the labels of their service, whichever metric they are of.
    private static readonly ImmutableArray<string> SampleLabels =
    [
        "service_name", "service_namespace", "instance", "job", "le", PrometheusNames.Label(MetricRegistry.OverflowAttribute),
        .. MetricRegistry.All.SelectMany(static instrument => instrument.Attributes).Select(static attribute => PrometheusNames.Label(attribute.Name)),
    ];

    private readonly RedStore _store;
    private readonly HostIdentity _host;
    private readonly PrometheusOptions _options;

    /// <summary>Makes a page of <paramref name="store"/>.</summary>
    /// <param name="store">Whose metrics to write.</param>
    /// <param name="options">For the labels; not to be changed afterwards. <see langword="null"/> for the defaults.</param>
    public RedMetricsPage(RedStore store, PrometheusOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = options ?? new();
        _host = HostIdentity.Find(options?.HostName, options?.HostId);
    }

    /// <inheritdoc/>
    public void Write(PrometheusTextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var services = _store.Snapshot().Services;
        if (!_options.DisableBuildInfo)
        {
            WriteBuildInfo(writer, services);
        }

        WriteTargetInfo(writer, services.Where(service => service.IsAlive));

        var labels = new LabelText();
        byte[][] serviceLabels = [.. services.Select(service =>
        {
            ServiceLabels.Add(labels.Clear(), service.Service);
            ServiceLabels.AddResource(labels, service.Service, _options.ResourceLabels, SampleLabels);
            return labels.Written.ToArray();
        })];
        foreach (var instrument in MetricRegistry.All)
        {
            var histograms = new HistogramWriter(writer, instrument);
            for (var i = 0; i < services.Length; i++)
            {
                histograms.ServiceLabels = serviceLabels[i];
                services[i].Visit(instrument, histograms);
            }
        }
    }

    private static void WriteBuildInfo(PrometheusTextWriter writer, IEnumerable<ServiceMetrics> services)
    {
        const string Name = "beyla_build_info";
        writer.Family(Name, PrometheusMetricType.Info, "Version of the agent, for each language of observed services; the value is always 1");
        var languages = services.Where(static service => service.IsAlive).Select(static service => service.Service.Language).Distinct().Order(StringComparer.Ordinal);
        foreach (var language in languages.DefaultIfEmpty(""))
        {
            writer.Sample(
                Name,
                1L,
                new("target_lang", language),
                new("version", BeylaInstrumentation.Version),
                new("revision", BeylaInstrumentation.Revision),
                new("dotnet_version", Environment.Version.ToString()),
                new("os", "linux"),
                new("arch", ArchitectureName()));
        }
    }

    private void WriteTargetInfo(PrometheusTextWriter writer, IEnumerable<ServiceMetrics> alive)
    {
        const string Name = "target_info";
        var isFirst = true;
        foreach (var service in alive)
        {
            if (isFirst)
            {
                writer.Family(Name, PrometheusMetricType.Info, "Observed services that are running; the value is always 1");
                isFirst = false;
            }

            writer.Sample(Name, 1, TargetLabels.Of(service.Service, _host, _options));
        }
    }

    private static string ArchitectureName() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x64",
        Architecture.Arm64 => "arm64",
        _ => "other",
    };
}
