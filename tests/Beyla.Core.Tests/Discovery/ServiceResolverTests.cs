using Beyla.Attributes;
using Beyla.Discovery.Selection;
using Beyla.Discovery.Services;
using Beyla.Tracing;
using CsCheck;

namespace Beyla.Core.Tests.Discovery;

public sealed class ServiceResolverTests : IDisposable
{
    private const int Pid = 7;

    private readonly FakeProc _proc = new();

    public void Dispose() => _proc.Dispose();

    [Fact]
    public void Without_a_word_from_anyone_the_executable_names_the_service()
    {
        var service = Resolve("PATH=/bin\0HOME=/\0");

        Assert.Equal("python3.12", service.Name);
        Assert.Equal("", service.Namespace);
        Assert.Equal("host:7", service.InstanceId);
        Assert.Equal("python", service.Language);
        Assert.Equal("/usr/bin/python3.12", service.ExecutablePath);
        Assert.Empty(service.ResourceAttributes);
    }

    [Fact]
    public void The_selector_names_the_service_unless_its_environment_does()
    {
        Assert.Equal("selected", Resolve("PATH=/bin\0", "selected").Name);
        Assert.Equal("own", Resolve("OTEL_SERVICE_NAME=own\0", "selected").Name);
        Assert.Equal("attribute", Resolve("OTEL_RESOURCE_ATTRIBUTES=service.name=attribute\0", "selected").Name);
        Assert.Equal("own", Resolve("OTEL_RESOURCE_ATTRIBUTES=service.name=attribute\0OTEL_SERVICE_NAME=own\0", "selected").Name);
    }

    [Fact]
    public void The_environment_gives_the_namespace_unless_the_selector_does()
    {
        const string Environment = "OTEL_RESOURCE_ATTRIBUTES=service.namespace=own\0";

        Assert.Equal("own", Resolve(Environment).Namespace);
        Assert.Equal("selected", Resolve(Environment, space: "selected").Namespace);
    }

    [Fact]
    public void The_rest_of_the_resource_attributes_is_kept()
    {
        var service = Resolve(
            "OTEL_RESOURCE_ATTRIBUTES=service.instance.id=i-1, deployment.environment = pro%64 ,a=b=c,,broken,=x,y=,k8s.pod.name=$(POD),service.version=1%2C2\0");

        Assert.Equal("i-1", service.InstanceId);
        Assert.Equal(
            new Dictionary<string, string> { ["a"] = "b=c", ["deployment.environment"] = "prod", ["service.version"] = "1,2" },
            service.ResourceAttributes);
    }

    [Theory]
    [InlineData("OTEL_SERVICE_NAME=$(NAME)\0")]
    [InlineData("OTEL_SERVICE_NAME=\0")]
    [InlineData("OTEL_SERVICE_NAME=  \0")]
    [InlineData("XOTEL_SERVICE_NAME=x\0")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES=service.name=$NAME\0")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES=\0")]
    [InlineData("")]
    public void What_says_nothing_is_passed_over(string environment)
    {
        Assert.Equal("selected", Resolve(environment, "selected").Name);
    }

    [Fact]
    public void The_first_of_two_variables_of_one_name_counts()
    {
        Assert.Equal("one", Resolve("OTEL_SERVICE_NAME=one\0OTEL_SERVICE_NAME=two\0").Name);
    }

    [Fact]
    public void A_huge_environment_is_read_up_to_its_bound()
    {
        var filler = string.Concat(Enumerable.Range(0, 400).Select(i => $"V{i}={new string('x', 1000)}\0"));
        var huge = $"HUGE={new string('x', 100_000)}\0";

        Assert.Equal("own", Resolve($"{huge}{filler}OTEL_SERVICE_NAME=own\0").Name);
        Assert.Equal("selected", Resolve($"{filler}{filler}{filler}OTEL_SERVICE_NAME=own\0", "selected").Name);
    }

    [Fact]
    public void An_environment_that_cannot_be_read_says_nothing()
    {
        Assert.Equal("selected", Resolve(null, "selected").Name);
    }

    [Fact]
    public void A_process_without_known_executable_has_a_name_all_the_same()
    {
        var resolver = new ServiceResolver(_proc.Files, "host");
        Assert.Equal("unknown", resolver.Resolve(9, "", "generic", new SelectorMatch("x", null, null)).Name);
    }

    [Fact]
    public void A_fork_is_the_same_service_and_another_instance()
    {
        var resolver = new ServiceResolver(_proc.Files, "host");
        var parent = Resolve("OTEL_SERVICE_NAME=own\0");
        var given = Resolve("OTEL_RESOURCE_ATTRIBUTES=service.instance.id=i-1\0");

        Assert.Equal(parent with { ProcessId = 8, InstanceId = "host:8" }, resolver.Fork(parent, 8));
        Assert.Equal(given with { ProcessId = 8 }, resolver.Fork(given, 8));
    }

    [Fact]
    public void No_attributes_text_throws()
    {
        Gen.Int[0, 9].Array[0, 40].Select(indices => new string([.. indices.Select(i => "a=,% $2c\0ü"[i])])).Sample(text =>
            ResourceAttributes.Parse(text).All(pair => pair.Key.Length > 0 && pair.Value.Length > 0));
    }

    [Fact]
    public void Resource_attributes_that_are_not_selected_are_left_out()
    {
        var options = new AttributeOptions();
        options.Select.Add(new AttributeSelection { Section = "resource", Include = { "deployment.*", "host.name", "telemetry_sdk_language" }, Exclude = { "deployment.id" } });
        var service = Resolve("OTEL_RESOURCE_ATTRIBUTES=deployment.environment=prod,deployment.id=7,team=shop,service.name=s\0", resources: ResourceSelection.Of(options));
        Assert.Equal(["deployment.environment"], service.ResourceAttributes.Keys);
        Assert.Equal("s", service.Name);
        string[] shown = ["service.name", "service.namespace", "service.instance.id", "host.name", "telemetry.sdk.language", "deployment.region"];
        Assert.All(shown, name => Assert.True(service.ShowsResourceAttribute(name)));
        string[] hidden = ["host.id", "telemetry.sdk.name", "process.pid", "deployment.id", "team"];
        Assert.All(hidden, name => Assert.False(service.ShowsResourceAttribute(name)));
    }

    [Fact]
    public void An_exclusion_alone_leaves_the_rest()
    {
        var options = new AttributeOptions();
        options.Select.Add(new AttributeSelection { Section = "resource", Exclude = { "*.id", "service.*" } });
        var service = Resolve("OTEL_RESOURCE_ATTRIBUTES=deployment.id=7,team=shop\0", resources: ResourceSelection.Of(options));
        Assert.Equal(["team"], service.ResourceAttributes.Keys);
        Assert.True(service.ShowsResourceAttribute("host.name"));
        Assert.True(service.ShowsResourceAttribute("service.instance.id"));
        Assert.False(service.ShowsResourceAttribute("host.id"));
        Assert.False(service.ShowsResourceAttribute("service.version"));
    }

    [Fact]
    public void Nobody_asked_so_everything_is_shown()
    {
        Assert.Null(ResourceSelection.Of(new AttributeOptions()));
        Assert.True(Resolve("").ShowsResourceAttribute("whatever"));
    }

    private ServiceInfo Resolve(string? environment, string? name = null, string? space = null, ResourceSelection? resources = null)
    {
        _proc.Add(Pid + (environment is null ? 100 : 0), null);
        if (environment is not null)
        {
            _proc.Write(Pid, "environ", environment);
        }

        var service = new ServiceResolver(_proc.Files, "host", resources)
            .Resolve(Pid + (environment is null ? 100 : 0), "/usr/bin/python3.12", "python", new SelectorMatch("x", name, space));
        _proc.Remove(service.ProcessId);
        return service;
    }
}
