using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>What the exporters of metrics ask of the one store that they share.</summary>
internal static class StoreCompletion
{
    private const string Otlp = "otel_metrics_export";
    private const string Prometheus = "prometheus_export";

    internal static void Run(CompletionContext context)
    {
        var metrics = context.Settings.Session.Metrics;
        metrics.Ttl = Decide(context, "ttl", store => store.Ttl is not null, (one, other) => one.Ttl == other.Ttl)?.Ttl ?? metrics.Ttl;
        metrics.DurationBuckets = Buckets(context, "buckets.duration_histogram", store => store.DurationBuckets) ?? metrics.DurationBuckets;
        metrics.RequestSizeBuckets = Buckets(context, "buckets.request_size_histogram", store => store.RequestSizeBuckets) ?? metrics.RequestSizeBuckets;
        metrics.ResponseSizeBuckets = Buckets(context, "buckets.response_size_histogram", store => store.ResponseSizeBuckets) ?? metrics.ResponseSizeBuckets;
        context.Words.Add("Metrics.Ttl", Key(context, "ttl"), "ttl");
        context.Words.Add("Metrics.DurationBuckets", Key(context, "buckets.duration_histogram"), "buckets.duration_histogram");
        context.Words.Add("Metrics.RequestSizeBuckets", Key(context, "buckets.request_size_histogram"), "buckets.request_size_histogram");
        context.Words.Add("Metrics.ResponseSizeBuckets", Key(context, "buckets.response_size_histogram"), "buckets.response_size_histogram");
    }

    private static IReadOnlyList<double>? Buckets(CompletionContext context, string name, Func<StoreSettings, IReadOnlyList<double>?> get) =>
        Decide(context, name, store => get(store) is not null, (one, other) => get(one)!.SequenceEqual(get(other)!)) is { } store ? get(store) : null;

    private static StoreSettings? Decide(CompletionContext context, string name, Func<StoreSettings, bool> has, Func<StoreSettings, StoreSettings, bool> equal)
    {
        var (prometheus, otlp) = (context.Settings.PrometheusStore, context.Settings.OtlpStore);
        if (has(prometheus) && has(otlp) && !equal(prometheus, otlp))
        {
            context.Warn($"{Otlp}.{name}", $"is not used, because {context.Origins.Subject($"{Prometheus}.{name}")} says something else, and both exporters share one store.");
        }

        return has(prometheus) ? prometheus : has(otlp) ? otlp : null;
    }

    private static string Key(CompletionContext context, string name) =>
        context.Origins.Find($"{Prometheus}.{name}") is null && context.Origins.Find($"{Otlp}.{name}") is not null ? $"{Otlp}.{name}" : $"{Prometheus}.{name}";
}
