using System.Text;
using Beyla.Agent.Configuration.Settings;
using Beyla.Exporters.Otlp;

namespace Beyla.Agent;

/// <summary>Makes a destination of OTLP of the few words that Grafana Cloud needs. An endpoint of the user's wins over the zone.</summary>
internal static class GrafanaCloud
{
    internal static void Apply(AgentSettings settings)
    {
        if (!settings.Grafana.IsAskedFor)
        {
            return;
        }

        Apply(settings, settings.Otlp.Traces, "traces");
        Apply(settings, settings.Otlp.Metrics, "metrics");
    }

    private static void Apply(AgentSettings settings, OtlpConnectionOptions own, string signal)
    {
        var grafana = settings.Grafana;
        if (own.Endpoint is null && settings.Otlp.Endpoint is null && grafana.Submit.Contains(signal))
        {
            own.Endpoint = new($"https://otlp-gateway-{grafana.Zone}.grafana.net/otlp/v1/{signal}");
            own.Protocol ??= OtlpProtocol.HttpProtobuf;
        }

        // The key is for Grafana alone, wherever else the user sends to.
        var endpoint = own.Endpoint ?? settings.Otlp.Endpoint;
        var isGrafana = endpoint is { Scheme: "https" } && endpoint.Host.EndsWith(".grafana.net", StringComparison.OrdinalIgnoreCase);
        if (isGrafana && !own.Headers.ContainsKey("Authorization") && !settings.Otlp.Headers.ContainsKey("Authorization"))
        {
            own.Headers["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{grafana.InstanceId}:{grafana.ApiKey}"));
        }
    }
}
