using System.Collections.Immutable;
using Beyla.Attributes;

namespace Beyla.Tracing;

/// <summary>The service that an observed process is, as far as it could be told from outside.</summary>
public sealed record ServiceInfo
{
    /// <summary>Process id in the agent's pid namespace (<c>process.pid</c>).</summary>
    public required int ProcessId { get; init; }

    /// <summary><c>service.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>service.namespace</c>; empty when none is known.</summary>
    public string Namespace { get; init; } = "";

    /// <summary><c>service.instance.id</c>, by default <c>host:pid</c>.</summary>
    public required string InstanceId { get; init; }

    /// <summary><c>telemetry.sdk.language</c>: <c>go</c>, <c>java</c>, <c>dotnet</c>, <c>python</c>, <c>ruby</c>, <c>nodejs</c>, <c>rust</c>, <c>php</c>, <c>cpp</c> or <c>generic</c>.</summary>
    public string Language { get; init; } = "generic";

    /// <summary>Path of the executable as the kernel names it; empty when it could not be read.</summary>
    public string ExecutablePath { get; init; } = "";

    /// <summary>Further resource attributes, such as those of the process's own <c>OTEL_RESOURCE_ATTRIBUTES</c>, as far as <see cref="ShowsResourceAttribute"/> holds.</summary>
    public ImmutableSortedDictionary<string, string> ResourceAttributes { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What of the resource is shown; <see langword="null"/>: all.</summary>
    internal ResourceSelection? Selection { get; init; }

    /// <summary>Whether the resource of the service has an attribute, as <see cref="AttributeOptions.Select"/> says; an exporter asks before it adds one.</summary>
    /// <param name="name">Its name, such as <c>host.id</c>.</param>
    public bool ShowsResourceAttribute(string name) => Selection?.Shows(name) != false;
}
