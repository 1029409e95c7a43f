using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Otlp.Transport;

namespace Beyla.Agent.Configuration.Table;

/// <summary>Spans by OTLP.</summary>
internal static class TracesOptions
{
    private const string Section = "otel_traces_export";

    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        .. new ConnectionOptions(Section, OtlpSignal.Traces, options => options.Traces).All(),
        new Option<AgentSettings, string?>
        {
            Key = Section + ".sampler.name",
            Variables = [new("OTEL_TRACES_SAMPLER")],
            Kind = Kind.Text("SAMPLER"),
            Summary = "always_on, always_off, traceidratio, or these behind parentbased_ (default parentbased_always_on)",
            Get = settings => settings.Sampler.Name,
            Set = (settings, value) => settings.Sampler.Name = value,
        },
        new Option<AgentSettings, string?>
        {
            Key = Section + ".sampler.arg",
            Variables = [new("OTEL_TRACES_SAMPLER_ARG")],
            Kind = Kind.Text("RATIO"),
            Summary = "The share of traces that traceidratio takes, 0 to 1",
            Get = settings => settings.Sampler.Argument,
            Set = (settings, value) => settings.Sampler.Argument = value,
        },
        new Option<AgentSettings, int>
        {
            Key = Section + ".batch_max_size",
            Variables = [.. OptionVariable.Of("BEYLA_OTLP_TRACES_BATCH_MAX_SIZE"), new("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")],
            Kind = Kind.Integer(1, 65536),
            Summary = "Most spans in one request",
            Member = "Otlp.Traces.MaxBatchSize",
            Get = settings => settings.Otlp.Traces.MaxBatchSize,
            Set = (settings, value) => settings.Otlp.Traces.MaxBatchSize = value,
        },
        new Option<AgentSettings, int>
        {
            Key = Section + ".queue_size",
            Variables = [.. OptionVariable.Of("BEYLA_OTLP_TRACES_QUEUE_SIZE"), new("OTEL_BSP_MAX_QUEUE_SIZE")],
            Kind = Kind.Integer(1, 10_000_000),
            Summary = "Most spans that wait for the collector; beyond it the oldest is dropped and counted",
            Member = "Otlp.Traces.QueueSize",
            Get = settings => settings.Otlp.Traces.QueueSize,
            Set = (settings, value) => settings.Otlp.Traces.QueueSize = value,
        },
        new Option<AgentSettings, TimeSpan>
        {
            Key = Section + ".batch_timeout",
            Variables =
            [
                .. OptionVariable.Of("BEYLA_OTLP_TRACES_BATCH_TIMEOUT"),
                OptionVariable.In("OTEL_BSP_SCHEDULE_DELAY", Kind.Milliseconds, (settings, value) => settings.Otlp.Traces.BatchTimeout = value),
            ],
            Kind = Kind.Duration,
            Summary = "How long a span waits for its batch to fill; in OTEL_BSP_SCHEDULE_DELAY a number of milliseconds",
            Member = "Otlp.Traces.BatchTimeout",
            Get = settings => settings.Otlp.Traces.BatchTimeout,
            Set = (settings, value) => settings.Otlp.Traces.BatchTimeout = value,
        },
        Time("backoff_initial_interval", "BEYLA_BACKOFF_INITIAL_INTERVAL", "First pause before a request is repeated, of metrics too", "RetryInitialInterval", o => o.RetryInitialInterval, (o, v) => o.RetryInitialInterval = v),
        Time("backoff_max_interval", "BEYLA_BACKOFF_MAX_INTERVAL", "Longest such pause", "RetryMaxInterval", o => o.RetryMaxInterval, (o, v) => o.RetryMaxInterval = v),
        Time("backoff_max_elapsed_time", "BEYLA_BACKOFF_MAX_ELAPSED_TIME", "How long a request is repeated in all; 0: never", "RetryMaxElapsedTime", o => o.RetryMaxElapsedTime, (o, v) => o.RetryMaxElapsedTime = v),
    ];

    private static Option<AgentSettings, TimeSpan> Time(
        string name, string variable, string summary, string member, Func<OtlpExporterOptions, TimeSpan> get, Action<OtlpExporterOptions, TimeSpan> set) => new()
        {
            Key = $"{Section}.{name}",
            Variables = OptionVariable.Of(variable),
            Kind = Kind.Duration,
            Summary = summary,
            Member = $"Otlp.{member}",
            Get = settings => get(settings.Otlp),
            Set = (settings, value) => set(settings.Otlp, value),
        };
}
