using Beyla.Tracing;

namespace Beyla.Exporters.Prometheus;

/// <summary>Labels of <c>target_info</c>: the resource of a service.</summary>
internal static class TargetLabels
{
    internal static LabelText Of(ServiceInfo service, HostIdentity host, PrometheusOptions options)
    {
        var labels = ServiceLabels.Add(new(), service)
            .Add("host_name", Shown("host.name", host.Name))
            .Add("host_id", Shown("host.id", host.Id))
            .Add("os_type", Shown("os.type", "linux"))
            .Add("telemetry_sdk_language", Shown("telemetry.sdk.language", service.Language))
            .Add("telemetry_sdk_name", Shown("telemetry.sdk.name", "beyla"))
            .Add("telemetry_sdk_version", Shown("telemetry.sdk.version", BeylaInstrumentation.Version))
            .Add("telemetry_distro_name", Shown("telemetry.distro.name", BeylaInstrumentation.DistroName))
            .Add("telemetry_distro_version", Shown("telemetry.distro.version", BeylaInstrumentation.Version))
            .Add("source", Shown("source", "beyla"));
        ServiceLabels.AddResource(labels, service, options.ResourceLabels.Concat(options.ExtraResourceAttributes),
        [
            "service_name", "service_namespace", "service_instance_id", "instance", "job", "host_name", "host_id", "os_type",
            "telemetry_sdk_language", "telemetry_sdk_name", "telemetry_sdk_version", "telemetry_distro_name", "telemetry_distro_version", "source",
        ]);
        return labels;

        string? Shown(string attribute, string value) => service.ShowsResourceAttribute(attribute) ? value : null;
    }
}
