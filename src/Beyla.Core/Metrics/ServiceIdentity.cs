using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>What tells services apart in exported data (https://opentelemetry.io/docs/specs/semconv/resource/#service).</summary>
internal readonly record struct ServiceIdentity(string Namespace, string Name, string InstanceId)
{
    internal static ServiceIdentity Of(ServiceInfo info) => new(info.Namespace, info.Name, info.InstanceId);
}
