using System.Collections.Immutable;
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

    /// <summary>Adds those of the service's own attributes that were asked for.</summary>
    /// <param name="labels">Where to.</param>
    /// <param name="service">Whose attributes.</param>
    /// <param name="asked">Their names, with dots or as labels.</param>
    /// <param name="taken">Labels that are there or that the samples have by themselves: one may appear once, and what a process says about itself does not override what was seen.</param>
    internal static void AddResource(LabelText labels, ServiceInfo service, IEnumerable<string> asked, ImmutableArray<string> taken)
    {
        HashSet<string>? added = null;
        foreach (var name in asked.Select(PrometheusNames.Label))
        {
            var value = service.ResourceAttributes.FirstOrDefault(attribute => PrometheusNames.Label(attribute.Key) == name).Value;
            if (!string.IsNullOrEmpty(value) && !taken.Contains(name) && (added ??= []).Add(name))
            {
                labels.Add(name, value);
            }
        }
    }
}
