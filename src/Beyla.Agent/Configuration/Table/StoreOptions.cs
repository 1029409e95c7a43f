using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Table;

/// <summary>What both exporters of metrics can say of the store that they share.</summary>
/// <param name="key">Section of the exporter.</param>
/// <param name="store">Its part of the settings.</param>
internal sealed class StoreOptions(string key, Func<AgentSettings, StoreSettings> store)
{
    /// <param name="ttl">Beyla's variable for the time to live.</param>
    /// <param name="features">Beyla's variable for the features; <see langword="null"/> when it has none.</param>
    internal IEnumerable<OptionOf<AgentSettings>> All(string ttl, string? features) =>
    [
        new Option<AgentSettings, TimeSpan>
        {
            Key = $"{key}.ttl",
            Variables = OptionVariable.Of(ttl),
            Kind = Kind.Duration,
            Summary = "Drop a series that was idle for longer; 0: never",
            Get = settings => store(settings).Ttl ?? settings.Session.Metrics.Ttl,
            Set = (settings, value) => store(settings).Ttl = value,
        },
        new Option<AgentSettings, IReadOnlyList<string>?>
        {
            Key = $"{key}.features",
            Variables = features is null ? [] : OptionVariable.Of(features),
            Kind = new OrNothingKind<IReadOnlyList<string>>(Kind.Texts("FEATURE")),
            Summary = "Instead of metrics.features",
            Get = settings => store(settings).Features,
            Set = (settings, value) => store(settings).Features = value,
        },
        Buckets("duration_histogram", "Upper bounds of the duration histograms in seconds", s => s.DurationBuckets, (s, v) => s.DurationBuckets = v, m => m.DurationBuckets),
        Buckets("request_size_histogram", "Upper bounds of the histograms of request sizes in bytes", s => s.RequestSizeBuckets, (s, v) => s.RequestSizeBuckets = v, m => m.RequestSizeBuckets),
        Buckets("response_size_histogram", "Upper bounds of the histograms of response sizes in bytes", s => s.ResponseSizeBuckets, (s, v) => s.ResponseSizeBuckets = v, m => m.ResponseSizeBuckets),
    ];

    private Option<AgentSettings, IReadOnlyList<double>> Buckets(
        string name,
        string summary,
        Func<StoreSettings, IReadOnlyList<double>?> get,
        Action<StoreSettings, IReadOnlyList<double>> set,
        Func<Metrics.RedOptions, IReadOnlyList<double>> effective) => new()
        {
            Key = $"{key}.buckets.{name}",
            Kind = Kind.Buckets,
            Summary = summary,
            Get = settings => get(store(settings)) ?? effective(settings.Session.Metrics),
            Set = (settings, value) => set(store(settings), value),
        };
}
