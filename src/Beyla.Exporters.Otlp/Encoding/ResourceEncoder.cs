using System.Runtime.CompilerServices;
using Beyla.Tracing;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// Encodes the resource of a service (https://opentelemetry.io/docs/specs/semconv/resource/), once for each service.
/// What a process says about itself does not override what was seen.
/// </summary>
internal sealed class ResourceEncoder(HostIdentity host)
{
    private const int Attributes = 1;

    private readonly ConditionalWeakTable<ServiceInfo, byte[]> _encoded = [];

    /// <summary>The content of a <c>Resource</c> message.</summary>
    internal byte[] Of(ServiceInfo service) => _encoded.TryGetValue(service, out var bytes) ? bytes : Encode(service);

    /// <summary>The resource of the observer itself.</summary>
    internal byte[] OfObserver() => Of(new ServiceInfo
    {
        ProcessId = Environment.ProcessId,
        Name = "beyla",
        InstanceId = $"{host.Name}:{Environment.ProcessId}",
        Language = "dotnet",
    });

    private byte[] Encode(ServiceInfo service)
    {
        using var output = new ProtobufBuffer();
        var encoder = new AttributeEncoder(output) { Field = Attributes };
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Add("service.name", service.Name);
        Add("service.namespace", service.Namespace);
        Add("service.instance.id", service.InstanceId);
        Add("host.name", host.Name);
        Add("host.id", host.Id);
        Add("os.type", "linux");
        if (taken.Add("process.pid") && service.ShowsResourceAttribute("process.pid"))
        {
            encoder.Visit("process.pid", service.ProcessId);
        }

        Add("process.executable.path", service.ExecutablePath);
        Add("telemetry.sdk.name", "beyla");
        Add("telemetry.sdk.language", service.Language);
        Add("telemetry.sdk.version", BeylaInstrumentation.Version);
        Add("telemetry.distro.name", BeylaInstrumentation.DistroName);
        Add("telemetry.distro.version", BeylaInstrumentation.Version);
        foreach (var (name, value) in service.ResourceAttributes)
        {
            Add(name, value);
        }

        var bytes = output.Written.ToArray();
        _encoded.AddOrUpdate(service, bytes);
        return bytes;

        void Add(string name, string value)
        {
            if (value.Length > 0 && taken.Add(name) && service.ShowsResourceAttribute(name))
            {
                encoder.Visit(name, value);
            }
        }
    }
}
