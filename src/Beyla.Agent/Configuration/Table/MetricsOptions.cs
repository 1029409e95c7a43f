using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Otlp.Transport;

namespace Beyla.Agent.Configuration.Table;

/// <summary>Metrics by OTLP.</summary>
internal static class MetricsOptions
{
    private const string Section = "otel_metrics_export";

    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        .. new ConnectionOptions(Section, OtlpSignal.Metrics, options => options.Metrics).All(),
        new Option<AgentSettings, TimeSpan>
        {
            Key = Section + ".interval",
            Variables =
            [
                .. OptionVariable.Of("BEYLA_METRICS_INTERVAL"),
                OptionVariable.In("OTEL_METRIC_EXPORT_INTERVAL", Kind.Milliseconds, (settings, value) => settings.Otlp.Metrics.Interval = value),
            ],
            Kind = Kind.Duration,
            Summary = "Time between exports; in OTEL_METRIC_EXPORT_INTERVAL a number of milliseconds",
            Member = "Otlp.Metrics.Interval",
            Get = settings => settings.Otlp.Metrics.Interval,
            Set = (settings, value) => settings.Otlp.Metrics.Interval = value,
        },
        new Option<AgentSettings, OtlpTemporality>
        {
            Key = Section + ".temporality",
            IsOwn = true,
            Variables = [new("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE")],
            Kind = new ChoiceKind<OtlpTemporality>(
                "TEMPORALITY",
                ("cumulative", OtlpTemporality.Cumulative),
                ("delta", OtlpTemporality.Delta),
                ("lowmemory", OtlpTemporality.LowMemory)),
            Summary = "What counts and histograms count from: cumulative, delta or lowmemory",
            Get = settings => settings.Otlp.Metrics.Temporality,
            Set = (settings, value) => settings.Otlp.Metrics.Temporality = value,
        },
        new Option<AgentSettings, bool>
        {
            Key = Section + ".histogram_aggregation",
            Variables = [new("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION")],
            Kind = new ChoiceKind<bool>("KIND", ("explicit_bucket_histogram", false), ("base2_exponential_bucket_histogram", true)),
            Summary = "explicit_bucket_histogram or base2_exponential_bucket_histogram",
            Get = settings => settings.Otlp.Metrics.ExponentialHistograms,
            Set = (settings, value) => settings.Otlp.Metrics.ExponentialHistograms = settings.Session.Metrics.ExponentialHistograms = value,
        },
        new Option<AgentSettings, int>
        {
            Key = Section + ".exponential_histogram.max_size",
            Variables = OptionVariable.Of("BEYLA_METRICS_EXPONENTIAL_HISTOGRAM_MAX_SIZE"),
            Kind = Kind.Integer(2, 1024),
            Summary = "Most buckets of an exponential histogram",
            Member = "Metrics.ExponentialMaxSize",
            Get = settings => settings.Session.Metrics.ExponentialMaxSize,
            Set = (settings, value) => settings.Session.Metrics.ExponentialMaxSize = value,
        },
        new Option<AgentSettings, int>
        {
            Key = Section + ".exponential_histogram.max_scale",
            Variables = OptionVariable.Of("BEYLA_METRICS_EXPONENTIAL_HISTOGRAM_MAX_SCALE"),
            Kind = Kind.Integer(-10, 20),
            Summary = "Scale at which an exponential histogram begins",
            Member = "Metrics.ExponentialMaxScale",
            Get = settings => settings.Session.Metrics.ExponentialMaxScale,
            Set = (settings, value) => settings.Session.Metrics.ExponentialMaxScale = value,
        },
        .. new StoreOptions(Section, settings => settings.OtlpStore).All("BEYLA_METRICS_TTL", features: null),
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = "metrics.features",
            Variables = OptionVariable.Of("BEYLA_METRICS_FEATURES"),
            Kind = Kind.Texts("FEATURE"),
            Summary = "Groups of metrics; here there is application, and [] for none",
            Get = settings => settings.Features,
            Set = (settings, value) => settings.Features = value,
        },
        new Option<AgentSettings, int>
        {
            Key = "metrics.max_series_per_service",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_METRICS_MAX_SERIES_PER_SERVICE"),
            Kind = Kind.Integer(1, 1_000_000),
            Summary = "Most series of one metric of one service; further ones share an overflow series",
            Member = "Metrics.MaxSeriesPerService",
            Get = settings => settings.Session.Metrics.MaxSeriesPerService,
            Set = (settings, value) => settings.Session.Metrics.MaxSeriesPerService = value,
        },
    ];
}
