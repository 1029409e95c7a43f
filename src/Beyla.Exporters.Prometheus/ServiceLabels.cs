using Beyla.Tracing;

namespace Beyla.Exporters.Prometheus;

/// <summary>Labels on every sample about a service.</summary>
internal static class ServiceLabels
{
    internal static LabelText Add(LabelText labels, ServiceInfo service) => labels
        .Add("service_name", service.Name)
        .Add("service_namespace", service.Namespace)
        .Add("instance", service.InstanceId)
        .Add("job", service.Namespace.Length == 0 ? service.Name : $"{service.Namespace}/{service.Name}");

    /// <summary>Adds those of the service's own attributes that were asked for, too; a label that is there already stays.</summary>
    internal static void Add(LabelText labels, ServiceInfo service, IEnumerable<string> resourceLabels)
    {
        Add(labels, service);
        HashSet<string>? taken = null;
        foreach (var attribute in resourceLabels)
        {
            var name = PrometheusNames.Label(attribute);
            taken ??= ["service_name", "service_namespace", "instance", "job", "le", "otel_metric_overflow"];
            if (taken.Add(name) && service.ResourceAttributes.TryGetValue(attribute, out var value))
            {
                labels.Add(name, value);
            }
        }
    }
}
