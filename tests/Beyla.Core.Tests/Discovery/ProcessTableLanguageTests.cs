using Beyla.Discovery;
using Beyla.Discovery.Services;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Discovery;

public sealed class ProcessTableLanguageTests
{
    private static readonly ProcessSelector ByLanguage = new() { Languages = { "dotnet" }, ServiceName = "shop", Sampler = Sampler.AlwaysOff, Exports = SignalExports.Traces };

    [Fact]
    public void A_language_that_the_executable_tells_is_decided_at_once()
    {
        using var table = new TableFixture(ByLanguage, new ProcessSelector { Languages = { "python" } });
        table.Proc.Add(10, "/usr/bin/python3");
        table.Proc.Write(10, "maps", FakeProc.Maps("/usr/bin/python3"));
        table.Proc.Add(11, "/usr/bin/ruby3");
        table.Proc.Write(11, "maps", FakeProc.Maps("/usr/bin/ruby3"));

        Assert.True(table.Exec(10));
        Assert.False(table.Exec(11));
        Assert.Equal([10], table.Watched);
    }

    [Fact]
    public void A_runtime_that_is_loaded_later_decides_with_the_first_exchange()
    {
        using var table = new TableFixture(ByLanguage);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/tool");

        // Nothing is known yet: the kernel goes on watching, nobody is told.
        Assert.True(table.Exec(10));
        Assert.True(table.Exec(11));
        Assert.Equal([10, 11], table.Watched);
        Assert.Empty(table.Table.Snapshots());

        table.Proc.Write(10, "maps", FakeProc.Maps("/opt/app", "/opt/libcoreclr.so"));
        table.Table.SettleSelection(10);
        table.Table.SettleSelection(11);
        Assert.Equal([10], table.Watched);
        Assert.Equal([(10, ProcessState.Attached)], table.Transitions);
        Assert.Equal(("shop", "dotnet"), (table.Table.FindService(10)!.Name, table.Table.FindService(10)!.Language));
    }

    [Fact]
    public void What_a_process_does_is_kept_until_its_language_decides()
    {
        using var table = new TableFixture(ByLanguage);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/tool");
        table.Exec(10);
        table.Exec(11);
        Assert.Equal((true, true), (table.Table.Follows(10), table.Table.Follows(11)));
        Assert.Equal((false, false), (table.Table.IsSelected(10), table.Table.IsSelected(11)));

        table.Proc.Write(10, "maps", FakeProc.Maps("/opt/app", "/opt/libcoreclr.so"));
        table.Table.SettleSelection(10);
        table.Table.SettleSelection(11);
        Assert.Equal((true, false), (table.Table.Follows(10), table.Table.Follows(11)));
        Assert.Equal((true, false), (table.Table.IsSelected(10), table.Table.IsSelected(11)));
    }

    [Fact]
    public void A_process_without_exchanges_is_decided_by_the_comparison_with_proc()
    {
        using var table = new TableFixture(ByLanguage);
        table.Table.Reconcile();
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/tool");
        table.Exec(10);
        table.Exec(11);
        table.Proc.Write(10, "maps", FakeProc.Maps("/opt/app", "/opt/libcoreclr.so"));

        table.Table.Reconcile();
        Assert.Equal([10, 11], table.Watched);
        Assert.Equal(ProcessState.Attached, table.Snapshot(10).State);
        table.Table.Reconcile();
        Assert.Equal([10], table.Watched);
    }

    [Fact]
    public void A_process_that_ends_while_it_is_awaited_is_forgotten()
    {
        using var table = new TableFixture(ByLanguage);
        table.Proc.Add(10, "/opt/tool");
        table.Exec(10);
        table.Exit(10);

        table.Proc.Add(10, "/opt/other", start: 2000);
        table.Proc.Write(10, "maps", FakeProc.Maps("/opt/app", "/opt/libcoreclr.so"));
        table.Table.SettleSelection(10);
        Assert.Empty(table.Table.Snapshots());
    }

    [Fact]
    public void A_process_that_runs_already_is_found_by_its_language()
    {
        using var table = new TableFixture(ByLanguage);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Write(10, "maps", FakeProc.Maps("/opt/app", "/opt/libcoreclr.so"));
        table.Proc.Add(11, "/opt/daemon");
        table.Table.Reconcile();
        Assert.Equal([10], table.Watched);
    }

    [Fact]
    public void With_a_port_the_language_is_asked_for_when_it_is_known()
    {
        using var table = new TableFixture(new ProcessSelector { Languages = { "dotnet" }, OpenPorts = PortSet.Of(80) });
        table.Proc.Add(10, "/opt/app");
        Assert.False(table.Listen(10, 80));
        table.Proc.Write(10, "maps", FakeProc.Maps("/opt/app", "/opt/libcoreclr.so"));
        Assert.True(table.Listen(10, 80));
    }

    [Fact]
    public void Children_have_the_settings_of_their_parent()
    {
        using var table = new TableFixture(new ProcessSelector { ExecutableName = "app", Sampler = Sampler.AlwaysOff, Exports = SignalExports.Traces });
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);
        table.Fork(11, parent: 10);
        table.Proc.Add(12, "/opt/worker", parent: 10);
        table.Exec(12, parent: 10);
        Assert.All(table.Changes, change => Assert.Equal((Sampler.AlwaysOff, SignalExports.Traces), (change.Settings.Sampler, change.Settings.Exports)));
        Assert.Equal([10, 11, 12], table.Watched);
    }

    [Theory]
    [InlineData("java\0-jar\0shop.jar\0--port=80\0", "-jar shop.jar --port=80")]
    [InlineData("app\0", "")]
    [InlineData("", "")]
    [InlineData("app\0\0b\0", " b")]
    public void Arguments_are_the_words_behind_the_first(string cmdline, string expected)
    {
        using var proc = new FakeProc();
        proc.Add(10, "/opt/app");
        proc.Write(10, "cmdline", cmdline);
        Assert.Equal(expected, new ProcessDetails(proc.Files).Arguments(10));
        Assert.Null(new ProcessDetails(proc.Files).Arguments(11));
    }
}
