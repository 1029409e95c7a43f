using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Exporters.Otlp;

namespace Beyla.Agent.Configuration.Table;

/// <summary>Which attributes there are, what is filtered by them, and how the host is called.</summary>
internal static class AttributeOptionsTable
{
    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        new Option<AgentSettings, ImmutableSortedDictionary<string, AttributeSectionSettings>>
        {
            Key = "attributes.select",
            Kind = new RecordMapKind<AttributeSectionSettings>("SECTIONS", AttributeSectionOptions.Tree),
            Summary = "Attributes of metrics (by name or glob), of traces and of resource",
            Get = settings => settings.Select,
            Set = (settings, value) => settings.Select = value,
        },
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = "attributes.sensitive_query_params.add",
            Variables = OptionVariable.Of("BEYLA_SENSITIVE_QUERY_PARAMS_ADD"),
            Kind = Kind.Texts("NAME"),
            Summary = "Further query parameters whose values are not shown",
            Member = "Attributes.SensitiveQueryParameters",
            Get = settings => settings.SensitiveQueryParametersAdded,
            Set = (settings, value) => settings.SensitiveQueryParametersAdded = value,
        },
        new Option<AgentSettings, IReadOnlyList<string>>
        {
            Key = "attributes.sensitive_query_params.remove",
            Variables = OptionVariable.Of("BEYLA_SENSITIVE_QUERY_PARAMS_REMOVE"),
            Kind = Kind.Texts("NAME"),
            Summary = "Query parameters whose values may be shown though they are not by default",
            Get = settings => settings.SensitiveQueryParametersRemoved,
            Set = (settings, value) => settings.SensitiveQueryParametersRemoved = value,
        },
        new Option<AgentSettings, bool>
        {
            Key = "attributes.instance_id.dns",
            Variables = OptionVariable.Of("BEYLA_HOSTNAME_DNS_RESOLUTION"),
            Kind = Kind.Bool,
            Summary = "Ask the resolver for the whole name of the host when the agent starts",
            Get = settings => settings.ResolvesHostName,
            Set = (settings, value) => settings.ResolvesHostName = value,
        },
        new Option<AgentSettings, string?>
        {
            Key = "attributes.instance_id.override_hostname",
            Variables = OptionVariable.Of("BEYLA_HOSTNAME"),
            Kind = Kind.Text("NAME"),
            Summary = "Name of the host in host.name and service.instance.id (default: the kernel's)",
            Get = settings => settings.HostName,
            Set = (settings, value) => settings.HostName = value,
        },
        new Option<AgentSettings, string?>
        {
            Key = "attributes.host_id.override",
            Variables = OptionVariable.Of("BEYLA_HOST_ID"),
            Kind = Kind.Text("ID"),
            Summary = "host.id (default: the machine id)",
            Get = settings => settings.HostId,
            Set = (settings, value) => settings.HostId = value,
        },
        new Option<AgentSettings, ImmutableSortedDictionary<string, string>>
        {
            Key = "attributes.resource",
            IsOwn = true,
            Variables = [new("OTEL_RESOURCE_ATTRIBUTES")],
            Kind = new PairsKind(OtlpEnvironment.ResourceAttributesExample),
            Summary = "Attributes of every resource by OTLP; what is known of a service wins, and service.* describe the agent itself",
            Get = settings => settings.Otlp.ResourceAttributes.ToImmutableSortedDictionary(),
            Set = (settings, value) => settings.Otlp.ResourceAttributes.Replace(value),
        },
        new Option<AgentSettings, ImmutableSortedDictionary<string, FilterSettings>>
        {
            Key = "filter.application",
            Kind = new RecordMapKind<FilterSettings>("CONDITIONS", FilterOptions.Tree),
            Summary = "Conditions on attributes, all of which must hold for metrics and spans",
            Get = settings => settings.Filters,
            Set = (settings, value) => settings.Filters = value,
        },
    ];
}
