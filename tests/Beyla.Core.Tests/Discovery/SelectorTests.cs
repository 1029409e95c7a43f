using Beyla.Discovery;
using Beyla.Discovery.Selection;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Discovery;

public sealed class SelectorTests : IProcessDetails
{
    private const int Own = 4242;

    private FakeDetails _details = [];

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
    public void The_language_and_the_arguments_are_criteria()
    {
        var set = Set(
            new ProcessSelector { Languages = { "java", "node*" }, ServiceName = "one" },
            new ProcessSelector { ExecutableName = "python", CommandLineGlob = "* --port *", ServiceName = "two" });
        _details = new FakeDetails { { 1, "java", "" }, { 2, "nodejs", "x --port 1" }, { 3, "python", "app.py --port 80" }, { 4, "python", "app.py" }, { 5, "generic", null } };

        Assert.Equal(["one", "one", "two", null, null], Enumerable.Range(1, 5).Select(pid => set.Match(pid, pid == 5 ? "/usr/bin/python" : pid < 3 ? "/x" : "/usr/bin/python3", [])?.ServiceName));
        Assert.True(set.NeedsExecEvents);
        Assert.Equal("language java,node*", set.Match(1, "/x", [])!.Description);
    }

    [Fact]
    public void A_language_that_may_come_to_be_known_is_awaited_where_nothing_else_is_missing()
    {
        var set = Set(
            new ProcessSelector { Languages = { "java" }, ExecutableGlob = "/opt/*" },
            new ProcessSelector { Languages = { "dotnet" }, OpenPorts = PortSet.Of(80) });
        _details = new FakeDetails { { 1, "generic", null }, { 2, "cpp", null }, { 3, "go", null } };

        Assert.Equal([true, true, false], Enumerable.Range(1, 3).Select(pid => set.AwaitsLanguage(pid, "/opt/x")));
        Assert.False(set.AwaitsLanguage(1, "/usr/x"));
    }

    [Fact]
    public void The_last_selector_that_sets_routes_sampler_or_exports_wins()
    {
        var routes = new RouteOptions { Patterns = { "/a" } };
        var set = Set(
            new ProcessSelector { ExecutableName = "app", Routes = routes, Sampler = Sampler.AlwaysOff, Exports = SignalExports.Metrics },
            new ProcessSelector { ExecutableGlob = "/opt/*", Sampler = Sampler.AlwaysOn },
            new ProcessSelector { OpenPorts = PortSet.Of(80), Exports = SignalExports.All });

        var settings = set.Match(10, "/opt/app", [])!.Settings;
        Assert.Equal((Sampler.AlwaysOn, SignalExports.Metrics), (settings.Sampler, settings.Exports));
        Assert.Equal("/a", new RouteDecorator(settings.Routes!).Decorate("/a").Route);
        Assert.Equal(SignalExports.All, set.Match(10, "/opt/app", [80])!.Settings.Exports);
        Assert.Equal(ProcessSettings.Default, set.Match(10, "/usr/x", [80])!.Settings);
        // Compiled once: the processes of a selector share what is learned of their routes.
        Assert.Equal(settings, set.Match(11, "/opt/app", [])!.Settings);
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
        var set = Set(options);

        Assert.Equal(ProcessReason.None, set.Exclusion(10, "/usr/bin/beyla"));
        Assert.Equal(ProcessReason.Excluded, set.Exclusion(10, "/bin/sh"));
    }

    [Fact]
    public void Init_and_the_own_process_are_excluded_whatever_matches()
    {
        var options = new DiscoveryOptions { Selectors = { new ProcessSelector { ProcessIds = { 1, Own } } } };

        Assert.Equal(ProcessReason.IsInit, Set(options).Exclusion(1, "/sbin/init"));
        Assert.Equal(ProcessReason.SelfExcluded, Set(options).Exclusion(Own, "/app/beyla"));

        options.InstrumentSelf = true;
        Assert.Equal(ProcessReason.None, Set(options).Exclusion(Own, "/app/beyla"));
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
    [InlineData("(", "insufficient closing parentheses", "at position 1")]
    [InlineData("a**", "nested quantifiers not parenthesized", "at position 3")]
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
            Exclusions = { new ProcessSelector { OpenPorts = PortSet.Of(80) }, new ProcessSelector { Languages = { "java" } } },
            MaxProcesses = 0,
            ReconcileInterval = TimeSpan.Zero,
        }.Validate("D", errors);

        Assert.Collection(
            errors,
            error => Assert.StartsWith("D.Selectors[0] has no criterion", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[1].ExecutableGlob is '['", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[1].ProcessIds[0] is -1", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Exclusions[0].OpenPorts is '80'", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Exclusions[1].Languages is 'java'", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.MaxProcesses is 0", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.ReconcileInterval is 00:00:00", error, StringComparison.Ordinal));
    }

    [Fact]
    public void What_selectors_say_about_exchanges_is_checked_too()
    {
        var errors = new List<string>();
        new DiscoveryOptions
        {
            Selectors =
            {
                new ProcessSelector { Languages = { "cobol", "[" }, CommandLineGlob = "{", Routes = new RouteOptions { Patterns = { "no slash" } }, Exports = (SignalExports)8 },
                new ProcessSelector { CommandLineGlob = "*" },
            },
        }.Validate("D", errors);

        Assert.Collection(
            errors,
            error => Assert.StartsWith("D.Selectors[0].CommandLineGlob is '{'", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[0].Languages[0] is 'cobol', which fits no language; there are go, java,", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[0].Languages[1] is '['", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[0].Routes.Patterns[0]", error, StringComparison.Ordinal),
            error => Assert.StartsWith("D.Selectors[0].Exports: 8 is not known", error, StringComparison.Ordinal));
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

    private SelectorSet Set(params ProcessSelector[] selectors)
    {
        var options = new DiscoveryOptions();
        foreach (var selector in selectors)
        {
            options.Selectors.Add(selector);
        }

        return Set(options);
    }

    private SelectorSet Set(DiscoveryOptions options) => new(options, Own, this);

    string IProcessDetails.Language(int pid, ReadOnlySpan<char> path) => _details.Find(pid).Language;

    string? IProcessDetails.Arguments(int pid) => _details.Find(pid).Arguments;

    private sealed class FakeDetails : Dictionary<int, (string Language, string? Arguments)>
    {
        internal void Add(int pid, string language, string? arguments) => Add(pid, (language, arguments));

        internal (string Language, string? Arguments) Find(int pid) => TryGetValue(pid, out var details) ? details : ("generic", null);
    }
}
