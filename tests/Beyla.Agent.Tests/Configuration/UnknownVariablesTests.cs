using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Table;

namespace Beyla.Agent.Tests.Configuration;

public sealed class UnknownVariablesTests
{
    [Theory]
    [InlineData("BEYLA_OPEN_PORTS", "BEYLA_OPEN_PORT")]
    [InlineData("BEYLA_PROMETHEUS_PROT", "BEYLA_PROMETHEUS_PORT")]
    [InlineData("OTEL_EBPF_ROUTE_PATTERNS", "OTEL_EBPF_ROUTES_PATTERNS")]
    public void A_misspelt_name_is_answered_with_the_nearest(string name, string meant) =>
        Assert.Equal($"{name} is not an option and has no effect; did you mean {meant}?", Assert.Single(UnknownVariables.Warnings([name])));

    [Fact]
    public void A_name_like_no_other_is_answered_without_a_guess() =>
        Assert.Contains("--help", Assert.Single(UnknownVariables.Warnings(["BEYLA_QUANTUM_FLUX_CAPACITOR"])), StringComparison.Ordinal);

    [Theory]
    [InlineData("BEYLA_NETWORK_METRICS")]
    [InlineData("BEYLA_KUBE_METADATA_ENABLE")]
    [InlineData("OTEL_EBPF_BPF_CONTEXT_PROPAGATION")]
    [InlineData("BEYLA_PROMETHEUS_INSTRUMENTATIONS")]
    [InlineData("BEYLA_OTEL_TRACES_INSTRUMENTATIONS")]
    [InlineData("OTEL_KAFKA_TOPIC_UUID_CACHE_SIZE")]
    public void An_option_that_only_Beyla_has_is_said_to_be_not_available(string name) =>
        Assert.Contains("not available", Assert.Single(UnknownVariables.Warnings([name])), StringComparison.Ordinal);

    [Theory]
    [InlineData("BEYLA_OPEN_PORT")]
    [InlineData("OTEL_EBPF_PROMETHEUS_PORT")]
    [InlineData("PRINT_TRACES")]
    [InlineData("PATH")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("GRAFANA_CLOUD_API_KEY")]
    [InlineData("BEYLA_CONFIG_PATH")]
    [InlineData("BEYLA_OTEL_METRICS_FEATURES")]
    [InlineData("BEYLA_SERVICE_HOST")]
    [InlineData("BEYLA_SERVICE_PORT")]
    [InlineData("BEYLA_SERVICE_PORT_METRICS")]
    [InlineData("BEYLA_PORT")]
    [InlineData("BEYLA_PORT_80_TCP_ADDR")]
    public void What_is_known_or_none_of_our_business_is_passed_over(string name) => Assert.Empty(UnknownVariables.Warnings([name]));

    [Fact]
    public void No_option_that_exists_is_called_not_available() =>
        Assert.All(AgentOptionTable.All.SelectMany(option => option.Variables), variable => Assert.False(
            UnavailableOptions.Contains(variable.Name, OptionVariable.Prefixes.FirstOrDefault(prefix => variable.Name.StartsWith(prefix, StringComparison.Ordinal))),
            variable.Name));

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("PORT", "PROT", 2)]
    public void The_distance_is_the_number_of_single_changes(string one, string other, int expected)
    {
        Assert.Equal(expected, EditDistance.Between(one, other));
        Assert.Equal(expected, EditDistance.Between(other, one));
    }
}
