using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Table;

/// <summary>Grafana Cloud as a destination of OTLP.</summary>
internal static class GrafanaOptions
{
    private const string Section = "grafana.otlp";

    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = Section + ".cloud_submit",
            Variables = [new("GRAFANA_CLOUD_SUBMIT")],
            Kind = new ListKind<string>(new ChoiceKind<string>("SIGNAL", ("traces", "traces"), ("metrics", "metrics"))),
            Summary = "What to send to Grafana Cloud: traces, metrics",
            Get = settings => settings.Grafana.Submit,
            Set = (settings, value) => settings.Grafana.Submit = value,
        },
        Text("cloud_zone", "GRAFANA_CLOUD_ZONE", "ZONE", "Zone of the stack: sends to https://otlp-gateway-ZONE.grafana.net/otlp", s => s.Zone, (s, v) => s.Zone = v),
        Text("cloud_instance_id", "GRAFANA_CLOUD_INSTANCE_ID", "ID", "User of the basic authentication there", s => s.InstanceId, (s, v) => s.InstanceId = v),
        Text("cloud_api_key", "GRAFANA_CLOUD_API_KEY", "KEY", "Its password", s => s.ApiKey, (s, v) => s.ApiKey = v, isSecret: true),
    ];

    private static Option<AgentSettings, string?> Text(
        string name,
        string variable,
        string word,
        string summary,
        Func<GrafanaSettings, string?> get,
        Action<GrafanaSettings, string?> set,
        bool isSecret = false) => new()
        {
            Key = $"{Section}.{name}",
            Variables = [new(variable)],
            Kind = Kind.Text(word),
            Summary = summary,
            IsSecret = isSecret,
            Get = settings => get(settings.Grafana),
            Set = (settings, value) => set(settings.Grafana, value),
        };
}
