using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Beyla.Tracing;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// Encodes the resource of a service (https://opentelemetry.io/docs/specs/semconv/resource/), once for each service.
/// What was seen of a process wins over what it says about itself, and both win over what the user adds to all.
/// </summary>
internal sealed class ResourceEncoder
{
    private const int Attributes = 1;

    private readonly ConditionalWeakTable<ServiceInfo, byte[]> _encoded = [];
    private readonly ConditionalWeakTable<ServiceInfo, byte[]>.CreateValueCallback _encode;
    private readonly HostIdentity _host;
    private readonly IReadOnlyDictionary<string, string> _attributes;
    private byte[]? _observer;

    /// <param name="host">The machine.</param>
    /// <param name="attributes">Attributes of every resource. Those of a service (<c>service.*</c>) describe the observer, and are on its own resource alone.</param>
    internal ResourceEncoder(HostIdentity host, IReadOnlyDictionary<string, string> attributes)
    {
        _host = host;
        _attributes = attributes;
        _encode = Encode;
    }

    /// <summary>The content of a <c>Resource</c> message.</summary>
    internal byte[] Of(ServiceInfo service) => _encoded.GetValue(service, _encode);

    /// <summary>The resource of the observer itself.</summary>
    internal byte[] OfObserver() => _observer ??= Encode(new ServiceInfo
    {
        ProcessId = Environment.ProcessId,
        Name = _attributes.GetValueOrDefault("service.name", "beyla"),
        Namespace = _attributes.GetValueOrDefault("service.namespace", ""),
        InstanceId = _attributes.GetValueOrDefault("service.instance.id", $"{_host.Name}:{Environment.ProcessId}"),
        Language = "dotnet",
        ResourceAttributes = _attributes.ToImmutableSortedDictionary(StringComparer.Ordinal),
    });

    private byte[] Encode(ServiceInfo service)
    {
        using var output = new ProtobufBuffer();
        var encoder = new AttributeEncoder(output) { Field = Attributes };
        var taken = new HashSet<string>(StringComparer.Ordinal);
        Add("service.name", service.Name);
        Add("service.namespace", service.Namespace);
        Add("service.instance.id", service.InstanceId);
        Add("host.name", _host.Name);
        Add("host.id", _host.Id);
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

        foreach (var (name, value) in _attributes)
        {
            if (!name.StartsWith("service.", StringComparison.Ordinal))
            {
                Add(name, value);
            }
        }

        return output.Written.ToArray();

        void Add(string name, string value)
        {
            if (value.Length > 0 && taken.Add(name) && service.ShowsResourceAttribute(name))
            {
                encoder.Visit(name, value);
            }
        }
    }
}
