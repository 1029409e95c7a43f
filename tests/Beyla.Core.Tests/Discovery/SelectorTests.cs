using Beyla.Discovery;
using Beyla.Discovery.Selection;

namespace Beyla.Core.Tests.Discovery;

public sealed class SelectorTests
{
    private const int Own = 4242;

    [Fact]
    public void A_name_is_searched_anywhere_in_the_path()
    {
        var set = Set(new ProcessSelector { ExecutableName = "bin/ngi" });

        Assert.NotNull(set.Match(10, "/usr/sbin/nginx", []));
        Assert.Null(set.Match(10, "/usr/sbin/apache2", []));
        Assert.Null(set.Match(10, "", []));
    }

    [Fact]
    public void All_criteria_of_one_selector_must_hold()
    {
        var set = Set(new ProcessSelector { ExecutableName = "app", ExecutableGlob = "/opt/*", OpenPorts = PortSet.Of(80), ProcessIds = { 10 } });

        Assert.NotNull(set.Match(10, "/opt/app", [80]));
        Assert.Null(set.Match(11, "/opt/app", [80]));
        Assert.Null(set.Match(10, "/usr/app", [80]));
        Assert.Null(set.Match(10, "/opt/foo", [80]));
        Assert.Null(set.Match(10, "/opt/app", [81]));
        Assert.True(set.CouldMatchByPort(10, "/opt/app"));
        Assert.False(set.CouldMatchByPort(10, "/opt/foo"));
    }

    [Fact]
    public void One_selector_suffices_and_the_last_one_that_sets_a_name_wins()
    {
        var set = Set(
            new ProcessSelector { ExecutableName = "app", ServiceName = "first", ServiceNamespace = "space" },
            new ProcessSelector { OpenPorts = PortSet.Of(80), ServiceName = "second" },
            new ProcessSelector { ExecutableGlob = "/opt/*" },
            new ProcessSelector { ProcessIds = { 77 }, ServiceName = "other" });

        var match = set.Match(10, "/opt/app", [80]);

        Assert.Equal(new SelectorMatch("executable like '/opt/*'", "second", "space"), match);
    }

    [Fact]
    public void Telemetry_agents_are_excluded_by_their_file_name_only()
    {
        var set = Set(new ProcessSelector { ExecutableName = "." });

        Assert.Equal(ProcessReason.ExcludedByDefault, set.Exclusion(10, "/usr/bin/beyla"));
        Assert.Equal(ProcessReason.ExcludedByDefault, set.Exclusion(10, "/otelcol-contrib"));
        Assert.Equal(ProcessReason.ExcludedByDefault, set.Exclusion(10, "alloy"));
        Assert.Equal(ProcessReason.None, set.Exclusion(10, "/opt/beyla/server"));
        Assert.Equal(ProcessReason.None, set.Exclusion(10, "/usr/bin/kenobi"));
    }

    [Fact]
    public void Default_exclusions_can_be_switched_off_and_own_ones_added()
    {
        var options = new DiscoveryOptions { UseDefaultExclusions = false, Exclusions = { new ProcessSelector { ExecutableGlob = "*/sh" } } };
        var set = new SelectorSet(options, Own);

        Assert.Equal(ProcessReason.None, set.Exclusion(10, "/usr/bin/beyla"));
        Assert.Equal(ProcessReason.Excluded, set.Exclusion(10, "/bin/sh"));
    }

    [Fact]
    public void Init_and_the_own_process_are_excluded_whatever_matches()
    {
        var options = new DiscoveryOptions { Selectors = { new ProcessSelector { ProcessIds = { 1, Own } } } };

        Assert.Equal(ProcessReason.IsInit, new SelectorSet(options, Own).Exclusion(1, "/sbin/init"));
        Assert.Equal(ProcessReason.SelfExcluded, new SelectorSet(options, Own).Exclusion(Own, "/app/beyla"));

        options.InstrumentSelf = true;
        Assert.Equal(ProcessReason.None, new SelectorSet(options, Own).Exclusion(Own, "/app/beyla"));
    }

    [Fact]
    public void What_the_kernel_must_report_follows_from_the_selectors()
    {
        var byPort = Set(new ProcessSelector { OpenPorts = PortSet.Of(80) }, new ProcessSelector { OpenPorts = PortSet.Of(443), ExecutableName = "x" });
        Assert.Equal(PortSet.Of(80, 443), byPort.Ports);
        Assert.True(byPort.NeedsPaths);
        Assert.False(byPort.NeedsExecEvents);

        Assert.True(Set(new ProcessSelector { ExecutableGlob = "*" }).NeedsExecEvents);
        Assert.False(Set(new ProcessSelector { ProcessIds = { 3 } }).NeedsExecEvents);
    }

    [Theory]
    [InlineData("(", "InsufficientClosingParentheses", "at position 1")]
    [InlineData("a**", "NestedQuantifiersNotParenthesized", "at position 3")]
    [InlineData("(?=x)", "lookarounds", "linear time")]
    [InlineData("(a)\\1", "back-references", "linear time")]
    public void A_bad_name_is_an_error_that_names_option_value_place_and_way_out(string pattern, string problem, string place)
    {
        var errors = new List<string>();
        new DiscoveryOptions { Selectors = { new ProcessSelector { ExecutableName = pattern } } }.Validate("Discovery", errors);

        var error = Assert.Single(errors);
        Assert.StartsWith($"Discovery.Selectors[0].ExecutableName is '{pattern}': ", error, StringComparison.Ordinal);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.Contains(place, error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var errors = new List<string>();
        new DiscoveryOptions
        {
            Selectors = { new ProcessSelector(), new ProcessSelector { ExecutableGlob = "[", ProcessIds = { -1 } } },
            Exclusions = { new ProcessSelector { OpenPorts = PortSet.Of(80) } },
            MaxProcesses = 0,
            ReconcileInterval = TimeSpan.Zero,
        }.Validate("D", errors);

        Assert.Collection(
            errors,
            error => Assert.StartsWith("D.Selectors[0] has no criterion", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[1].ExecutableGlob is '['", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[1].ProcessIds[0] is -1", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Exclusions[0].OpenPorts is '80'", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.MaxProcesses is 0", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.ReconcileInterval is 00:00:00", error, StringComparison.Ordinal));
    }

    [Fact]
    public void The_defaults_are_valid()
    {
        var errors = new List<string>();
        new DiscoveryOptions { Selectors = { new ProcessSelector { ExecutableName = "x" } } }.Validate("D", errors);
        Assert.Empty(errors);
    }

    [Fact]
    public void A_mismatch_names_the_executable_and_every_selector()
    {
        var set = Set(new ProcessSelector { ExecutableName = "nginx" }, new ProcessSelector { OpenPorts = PortSet.Parse("8000-8999") });

        Assert.Equal(
            "the executable is /usr/bin/foo, listening on 22: it is not 'executable name ~ 'nginx'', it does not listen on a port of 'port 8000-8999'",
            set.ExplainMismatch(10, "/usr/bin/foo", [22]));
    }

    private static SelectorSet Set(params ProcessSelector[] selectors)
    {
        var options = new DiscoveryOptions();
        foreach (var selector in selectors)
        {
            options.Selectors.Add(selector);
        }

        return new SelectorSet(options, Own);
    }
}
