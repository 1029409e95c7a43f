using Beyla.Discovery;

namespace Beyla.Core.Tests.Discovery;

public sealed class ProcessTableEventTests
{
    private static readonly ProcessSelector ByName = new() { ExecutableName = "/app$", ServiceName = "shop" };
    private static readonly ProcessSelector ByPort = new() { OpenPorts = PortSet.Of(80) };

    [Fact]
    public void An_exec_is_decided_at_once()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/other");

        Assert.True(table.Exec(10));
        Assert.False(table.Exec(11));

        Assert.Equal([10], table.Watched);
        Assert.Equal("shop", table.Table.FindService(10)!.Name);
        Assert.Null(table.Table.FindService(11));
        Assert.DoesNotContain(table.Table.Snapshots(), snapshot => snapshot.ProcessId == 11);
    }

    [Fact]
    public void Records_are_taken_of_who_is_selected_until_its_last_and_of_nobody_else()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);
        // It is over before its exec was read.
        table.Exec(11, path: "/usr/bin/other");
        Assert.True(table.Table.Follows(10));
        Assert.False(table.Table.Follows(11));
        Assert.Equal((true, false), (table.Table.IsSelected(10), table.Table.IsSelected(11)));

        table.Exit(10);
        table.Exit(11, existed: false);
        Assert.True(table.Table.Follows(10));
        Assert.False(table.Table.Follows(11));
        Assert.Equal((true, false), (table.Table.IsSelected(10), table.Table.IsSelected(11)));
    }

    [Fact]
    public void A_process_whose_exec_was_lost_is_decided_at_its_first_record()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/other");
        table.Proc.Add(12, "/bin/worker", parent: 10);
        Assert.True(table.Table.Follows(10));
        Assert.False(table.Table.Follows(11));
        Assert.True(table.Table.Follows(12));
        Assert.Equal([10, 12], table.Watched);
    }

    [Fact]
    public void Who_was_rejected_and_is_selected_later_is_followed_from_then_on()
    {
        using var table = new TableFixture(ByName, ByPort);
        table.Proc.Add(10, "/opt/other");
        table.Exec(10);
        Assert.False(table.Table.Follows(10));

        table.Listen(10, 80);
        Assert.True(table.Table.Follows(10));
        table.Exit(10);
        Assert.True(table.Table.Follows(10));

        // The id is another's now.
        table.Exec(10, path: "/usr/bin/other");
        Assert.Equal((false, false), (table.Table.Follows(10), table.Table.IsSelected(10)));
    }

    [Fact]
    public void Records_of_a_process_for_which_there_is_no_room_are_not_taken_and_do_not_count_again()
    {
        using var table = new TableFixture(options => options.MaxProcesses = 1, ByName);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/app");
        table.Exec(10);
        table.Exec(11);
        Assert.Equal((true, false), (table.Table.Follows(10), table.Table.Follows(11)));
        Assert.Equal(1, table.Table.Counters.ProcessTableFull);
    }

    [Fact]
    public void Who_was_rejected_is_looked_at_again_once_too_many_others_were()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/other");
        table.Exec(10);
        for (var pid = 100_000; pid < 105_000; pid++)
        {
            Assert.False(table.Table.Follows(pid));
        }

        Assert.False(table.Table.Follows(10));
        table.Proc.SetExecutable(10, "/opt/app");
        Assert.False(table.Table.Follows(10)); // what it was is remembered: an exec would be reported
        for (var pid = 100_000; pid < 105_000; pid++)
        {
            Assert.False(table.Table.Follows(pid));
        }

        Assert.True(table.Table.Follows(10));
    }

    [Fact]
    public void A_process_that_ended_before_its_exec_was_read_is_told_by_the_path_of_the_record()
    {
        using var table = new TableFixture(ByName);

        Assert.True(table.Exec(10, parent: 3, path: "/opt/app"));
        Assert.False(table.Exec(11, path: "/opt/other"));
        Assert.False(table.Exec(12, path: "relative/app"));

        Assert.Equal("/opt/app", table.Table.FindService(10)!.ExecutablePath);
        Assert.Equal(3, table.Snapshot(10).ParentProcessId);
    }

    [Fact]
    public void A_fork_is_the_service_of_its_parent_with_an_instance_of_its_own()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);

        // Nothing is known of the child in /proc, and nothing need be.
        Assert.True(table.Fork(11, parent: 10));

        Assert.Equal([10, 11], table.Watched);
        Assert.Equal("shop", table.Table.FindService(11)!.Name);
        Assert.Equal("host:11", table.Table.FindService(11)!.InstanceId);
        Assert.Equal(10, table.Snapshot(11).ParentProcessId);
        Assert.Equal(ProcessState.Attached, table.Snapshot(11).State);
    }

    [Fact]
    public void A_fork_of_a_process_that_was_rejected_is_let_go()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/other");
        table.Proc.Add(11, "/opt/other", parent: 10);
        table.Exec(10);

        Assert.False(table.Fork(11, parent: 10));
        Assert.Empty(table.Watched);
    }

    [Fact]
    public void A_fork_beyond_a_bound_is_let_go_and_counted()
    {
        using var table = new TableFixture(options => options.MaxProcesses = 2, ByName);
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);
        table.Kernel.Capacity = 1;

        Assert.False(table.Table.OnFork(11, 10));
        Assert.Equal(ProcessReason.WatchTableFull, table.Snapshot(11).Reason);

        table.Kernel.Capacity = 9;
        Assert.False(table.Fork(12, 10));
        Assert.Equal([10], table.Watched);
        Assert.Equal(1, table.Table.Counters.ProcessTableFull);
    }

    [Fact]
    public void A_child_that_runs_another_program_stays_watched_and_is_read_again()
    {
        using var table = new TableFixture(ByName, new ProcessSelector { ExecutableName = "/special$", ServiceName = "special" });
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);
        table.Proc.Add(11, "/bin/worker", parent: 10);
        table.Proc.Write(11, "environ", "OTEL_RESOURCE_ATTRIBUTES=service.version=2\0");
        table.Proc.Add(12, "/bin/special", parent: 10);
        table.Fork(11, 10);
        table.Fork(12, 10);
        table.Changes.Clear();

        Assert.True(table.Exec(11, 10));
        Assert.True(table.Exec(12, 10));

        var worker = table.Table.FindService(11)!;
        Assert.Equal(("shop", "/bin/worker"), (worker.Name, worker.ExecutablePath));
        Assert.Equal("2", worker.ResourceAttributes["service.version"]);
        Assert.Equal("special", table.Table.FindService(12)!.Name);
        Assert.Equal([(11, ProcessState.Attached), (12, ProcessState.Attached)], table.Transitions);
    }

    [Fact]
    public void A_child_whose_fork_was_lost_is_taken_with_its_parent_at_its_exec()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/bin/worker", parent: 10);
        table.Exec(10);

        Assert.True(table.Exec(11, parent: 10));
        Assert.Equal("shop", table.Table.FindService(11)!.Name);
    }

    [Fact]
    public void A_child_that_becomes_an_excluded_program_is_let_go()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);
        table.Proc.Add(11, "/usr/bin/otelcol", parent: 10);
        table.Fork(11, 10);

        Assert.False(table.Exec(11, 10));

        Assert.Equal([10], table.Watched);
        Assert.Equal((ProcessState.Skipped, ProcessReason.ExcludedByDefault), (table.Changes[^1].State, table.Changes[^1].Reason));
        Assert.Null(table.Table.FindService(11));
    }

    [Fact]
    public void An_exit_keeps_the_service_for_late_records_up_to_a_bound()
    {
        using var table = new TableFixture(ByName);
        foreach (var pid in Enumerable.Range(100, 257))
        {
            table.Exec(pid, path: "/opt/app");
            table.Exit(pid, existed: false);
        }

        Assert.Empty(table.Watched);
        Assert.Null(table.Table.FindService(100));
        Assert.Equal("shop", table.Table.FindService(101)!.Name);
        Assert.Equal(256, table.Table.Snapshots().Count);
        Assert.All(table.Table.Snapshots(), snapshot => Assert.Equal(ProcessState.Exited, snapshot.State));
        Assert.Equal(257, table.Table.Counters.Attached);
        Assert.Equal(257, table.Table.Counters.Exited);
    }

    [Fact]
    public void A_process_that_comes_again_under_an_old_id_does_not_share_its_end()
    {
        using var table = new TableFixture(ByName);
        for (var i = 0; i < 300; i++)
        {
            table.Exec(100, path: "/opt/app");
            table.Exit(100, existed: false);
        }

        table.Exec(100, path: "/opt/app");
        for (var pid = 200; pid < 500; pid++)
        {
            table.Exec(pid, path: "/opt/app");
            table.Exit(pid, existed: false);
        }

        Assert.Equal(ProcessState.Attached, table.Snapshot(100).State);
        Assert.Equal(257, table.Table.Snapshots().Count);
    }

    [Fact]
    public void An_exec_under_an_id_whose_exit_was_lost_is_another_process()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app", start: 1000);
        table.Exec(10);
        table.Proc.WriteStat(10, 1, start: 2000);
        table.Proc.SetExecutable(10, "/opt/other");

        Assert.False(table.Exec(10));

        Assert.Empty(table.Watched);
        Assert.Equal(ProcessState.Exited, table.Snapshot(10).State);
    }

    [Fact]
    public void Who_listens_on_a_selected_port_stays_watched_and_the_port_is_noted()
    {
        using var table = new TableFixture(ByPort);
        table.Proc.Add(10, "/opt/server");

        Assert.True(table.Listen(10, 80));

        Assert.Equal([10], table.Watched);
        Assert.Equal("server", table.Table.FindService(10)!.Name);
        Assert.Equal([80], Assert.Single(table.Changes).ListeningPorts);
    }

    [Fact]
    public void Who_listens_on_a_selected_port_under_another_name_is_let_go()
    {
        using var table = new TableFixture(new ProcessSelector { ExecutableName = "app", OpenPorts = PortSet.Of(80) });
        table.Proc.Add(10, "/opt/other");
        table.Proc.Add(11, "/opt/app");

        Assert.False(table.Listen(10, 80));
        Assert.True(table.Listen(11, 80));

        Assert.Equal([11], table.Watched);
    }

    [Fact]
    public void Ports_of_a_watched_process_are_gathered()
    {
        using var table = new TableFixture(ByName, new ProcessSelector { OpenPorts = PortSet.Of(80, 81) });
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);

        table.Listen(10, 81);
        table.Listen(10, 80);
        table.Listen(10, 80);

        Assert.Equal([80, 81], table.Snapshot(10).ListeningPorts);
        Assert.Equal([(10, ProcessState.Attached)], table.Transitions);
    }

    [Fact]
    public void The_language_is_told_when_the_runtime_is_loaded()
    {
        using var table = new TableFixture(ByName, ByPort);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/app");
        table.Exec(10);
        table.Exec(11);
        Assert.Equal("generic", table.Snapshot(10).Service!.Language);

        foreach (var pid in new[] { 10, 11 })
        {
            table.Proc.Write(pid, "maps", "7f-80 r-xp 0 0:0 1 /opt/libcoreclr.so\n");
        }

        table.Listen(10, 80);
        Assert.Equal("dotnet", table.Snapshot(10).Service!.Language);

        var atFirstRecord = table.Table.FindService(11);
        Assert.Equal("dotnet", atFirstRecord!.Language);
        Assert.Same(atFirstRecord, table.Table.FindService(11));
        Assert.Same(atFirstRecord, table.Snapshot(11).Service);
    }

    [Fact]
    public void The_first_span_makes_a_process_active_once()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Exec(10);
        table.Time.Advance(TimeSpan.FromSeconds(3));
        var first = table.Time.GetUtcNow();

        table.Table.MarkActive(10);
        table.Time.Advance(TimeSpan.FromSeconds(3));
        table.Table.MarkActive(10);
        table.Table.MarkActive(99);

        var snapshot = table.Snapshot(10);
        Assert.Equal((ProcessState.Active, first, first), (snapshot.State, snapshot.Since, snapshot.FirstSpanAt));
        Assert.Equal([(10, ProcessState.Attached), (10, ProcessState.Active)], table.Transitions);
    }

    [Fact]
    public void A_span_that_comes_after_the_end_of_its_process_is_noted()
    {
        using var table = new TableFixture(ByName);
        table.Exec(10, path: "/opt/app");
        table.Exit(10, existed: false);

        table.Table.MarkActive(10);

        Assert.Equal((ProcessState.Exited, table.Time.GetUtcNow()), (table.Snapshot(10).State, table.Snapshot(10).FirstSpanAt));
    }

    [Fact]
    public void Any_process_can_be_attached_on_request_even_an_excluded_one()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/other");
        table.Proc.Add(11, "/usr/bin/otelcol");
        table.Proc.Add(12, null, kernelThread: true);

        Assert.Equal(ProcessState.Attached, table.Table.Attach(10).State);
        Assert.Equal(ProcessState.Attached, table.Table.Attach(11).State);
        Assert.Equal(ProcessReason.KernelThread, table.Table.Attach(12).Reason);
        Assert.Equal(ProcessReason.Gone, table.Table.Attach(13).Reason);
        Assert.Equal(ProcessReason.IsInit, table.Table.Attach(1).Reason);
        Assert.Equal(ProcessReason.SelfExcluded, table.Table.Attach(TableFixture.Own).Reason);
        Assert.Equal([10, 11], table.Watched);
        Assert.Equal(["attached on request", "attached on request"], table.Table.Snapshots().Select(snapshot => snapshot.MatchedSelector));

        // Neither a walk nor an exec takes back what a user asked for.
        table.Table.Reconcile(full: true);
        Assert.True(table.Exec(11));
        Assert.Equal([10, 11], table.Watched);
    }

    [Fact]
    public void An_attach_beyond_a_bound_says_so()
    {
        using var table = new TableFixture(options => options.MaxProcesses = 1);
        table.Proc.Add(10, "/opt/a");
        table.Proc.Add(11, "/opt/b");

        table.Table.Attach(10);

        Assert.Equal((ProcessState.Skipped, ProcessReason.ProcessTableFull), (table.Table.Attach(11).State, table.Table.Attach(11).Reason));
    }

    [Fact]
    public void What_was_detached_stays_so_until_it_is_attached_again()
    {
        using var table = new TableFixture(ByName, ByPort);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/child", parent: 10);
        table.Exec(10);

        var detached = table.Table.Detach(10);

        Assert.Equal((ProcessState.Skipped, ProcessReason.Detached), (detached.State, detached.Reason));
        Assert.Null(table.Table.FindService(10));
        table.Table.Reconcile(full: true);
        Assert.False(table.Exec(10));
        Assert.False(table.Listen(10, 80));
        Assert.False(table.Fork(11, 10));
        Assert.Empty(table.Watched);

        Assert.Equal(ProcessState.Attached, table.Table.Attach(10).State);
        Assert.Equal([10], table.Watched);
        Assert.NotNull(table.Table.FindService(10));
    }

    [Fact]
    public void Detaching_what_is_not_watched_tells_its_state()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/other");

        Assert.Equal(ProcessReason.NotSelected, table.Table.Detach(10).Reason);
        Assert.Equal(ProcessReason.Gone, table.Table.Detach(11).Reason);
    }

    [Fact]
    public void What_is_not_watched_is_explained_in_words()
    {
        using var table = new TableFixture(ByName, ByPort);
        table.Proc.Add(10, "/opt/foo", parent: 3);
        table.Proc.Add(11, "/opt/app");

        var explained = table.Table.Explain(10);

        Assert.Equal((ProcessState.Skipped, ProcessReason.NotSelected), (explained.State, explained.Reason));
        Assert.Equal("the executable is /opt/foo: it is not 'executable name ~ '/app$'', it does not listen on a port of 'port 80'", explained.Explanation);
        Assert.Equal(3, explained.ParentProcessId);
        Assert.Equal(ProcessState.Matched, table.Table.Explain(11).State);
        Assert.Empty(table.Table.Snapshots());
    }
}
