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
}
