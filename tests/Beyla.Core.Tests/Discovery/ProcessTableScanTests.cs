using Beyla.Capture.Abi;
using Beyla.Discovery;

namespace Beyla.Core.Tests.Discovery;

public sealed class ProcessTableScanTests
{
    private static readonly ProcessSelector ByName = new() { ExecutableName = "/app$", ServiceName = "shop" };
    private static readonly ProcessSelector ByPort = new() { OpenPorts = PortSet.Of(80) };

    [Fact]
    public void Running_processes_are_found_by_their_executable()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app", parent: 1);
        table.Proc.Add(11, "/opt/other");

        table.Table.Reconcile();

        Assert.Equal([10], table.Watched);
        var snapshot = table.Snapshot(10);
        Assert.Equal(ProcessState.Attached, snapshot.State);
        Assert.Equal(ProcessReason.None, snapshot.Reason);
        Assert.Equal("shop", snapshot.Service!.Name);
        Assert.Equal("host:10", snapshot.Service.InstanceId);
        Assert.Equal("/opt/app", snapshot.ExecutablePath);
        Assert.Equal("executable name ~ '/app$'", snapshot.MatchedSelector);
        Assert.Equal(1, snapshot.ParentProcessId);
        Assert.Equal(table.Time.GetUtcNow(), snapshot.Since);
        Assert.Equal([(10, ProcessState.Attached)], table.Transitions);
    }

    [Fact]
    public void All_holders_of_a_listening_socket_are_found_in_every_network_namespace()
    {
        using var table = new TableFixture(ByPort);
        table.Proc.Add(10, "/opt/master");
        table.Proc.Add(11, "/opt/worker", parent: 2);
        table.Proc.Add(12, "/opt/other");
        table.Proc.Add(13, "/opt/container", network: 99);
        table.Proc.SetListeners(1, [(80, 1001), (22, 1002)]);
        table.Proc.SetListeners(13, [], (80, 2001));
        table.Proc.Hold(10, 1001);
        table.Proc.Hold(11, 55, 1001);
        table.Proc.Hold(12, 1002);
        table.Proc.Hold(13, 2001);

        table.Table.Reconcile();

        Assert.Equal([10, 11, 13], table.Watched);
        Assert.Equal([80], table.Snapshot(11).ListeningPorts);
        Assert.Equal("master", table.Snapshot(10).Service!.Name);
        Assert.Equal([80], table.Changes[0].ListeningPorts);
    }

    [Fact]
    public void A_listener_that_may_not_be_looked_for_is_a_limitation_and_not_absent()
    {
        using var table = new TableFixture(ByPort);
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/other");
        table.Proc.Hold(10, 1001);
        table.Proc.Hide(10);
        table.Proc.Hide(11);
        Unprivileged.Run(() => table.Table.Reconcile());
        Assert.Equal(0, table.Table.Counters.Hidden); // nobody listens, so there is nobody to be found

        table.Proc.SetListeners(1, [(80, 1001), (22, 1002)]);
        Unprivileged.Run(() => table.Table.Reconcile(full: true));

        Assert.Empty(table.Watched);
        Assert.Equal(2, table.Table.Counters.Hidden);
        Unprivileged.Run(() => Assert.Equal((ProcessState.Skipped, ProcessReason.AccessDenied), StateOf(table.Table.Explain(10))));
        var limitation = Assert.Single(SessionLimitations.Of(new long[(int)KernelCounter.Max], table.Table.Counters));
        Assert.StartsWith("2 times the open files", limitation, StringComparison.Ordinal);
        Assert.Contains("CAP_DAC_READ_SEARCH", limitation, StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_that_may_not_be_looked_into_are_no_limitation_when_every_listener_is_known()
    {
        using var table = new TableFixture(new ProcessSelector { OpenPorts = PortSet.Of(80, 81) });
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/other");
        table.Proc.Add(12, "/opt/late");
        table.Proc.Hold(10, 1001);
        table.Proc.Hide(11);
        table.Proc.Hide(12);
        table.Listen(12, 81);
        table.Proc.SetListeners(1, [(80, 1001), (81, 1002)]);

        Unprivileged.Run(() => table.Table.Reconcile());

        Assert.Equal([10, 12], table.Watched);
        Assert.Equal(0, table.Table.Counters.Hidden);
    }

    [Fact]
    public void A_name_and_a_port_in_one_selector_must_both_hold()
    {
        using var table = new TableFixture(new ProcessSelector { ExecutableName = "app", OpenPorts = PortSet.Of(80) });
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/app");
        table.Proc.Add(12, "/opt/other");
        table.Proc.SetListeners(1, [(80, 1001), (80, 1002)]);
        table.Proc.Hold(11, 1001);
        table.Proc.Hold(12, 1002);

        table.Table.Reconcile();

        Assert.Equal([11], table.Watched);
        Assert.Equal((ProcessState.Discovered, ProcessReason.NotListening), StateOf(table.Table.Explain(10)));
    }

    [Fact]
    public void Children_that_run_already_are_taken_with_their_parent_to_any_depth()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(30, "/opt/app", parent: 1);
        table.Proc.Add(20, "/opt/worker", parent: 30);
        table.Proc.Add(10, "/opt/helper", parent: 20);
        table.Proc.Add(5, "/usr/bin/otelcol", parent: 20);
        table.Proc.Add(6, "/bin/sh", parent: 5);
        table.Proc.Add(7, "/bin/sh", parent: 1);

        table.Table.Reconcile();

        Assert.Equal([10, 20, 30], table.Watched);
        Assert.Equal("shop", table.Snapshot(10).Service!.Name);
        Assert.Equal("/opt/helper", table.Snapshot(10).Service!.ExecutablePath);
    }

    [Fact]
    public void What_must_not_be_observed_is_not_though_it_matches()
    {
        using var table = new TableFixture(
            options => options.Exclusions.Add(new ProcessSelector { ExecutableGlob = "/opt/x*" }), new ProcessSelector { ExecutableName = "." });
        table.Proc.Add(10, "/opt/xapp");
        table.Proc.Add(11, "/usr/bin/alloy");
        table.Proc.Add(12, null, kernelThread: true);

        table.Table.Reconcile();

        Assert.Empty(table.Watched);
        Assert.Equal((ProcessState.Skipped, ProcessReason.Excluded), StateOf(table.Table.Explain(10)));
        Assert.Equal((ProcessState.Skipped, ProcessReason.ExcludedByDefault), StateOf(table.Table.Explain(11)));
        Assert.Equal((ProcessState.Skipped, ProcessReason.KernelThread), StateOf(table.Table.Explain(12)));
        Assert.Equal((ProcessState.Skipped, ProcessReason.IsInit), StateOf(table.Table.Explain(1)));
        Assert.Equal((ProcessState.Skipped, ProcessReason.SelfExcluded), StateOf(table.Table.Explain(TableFixture.Own)));
        Assert.Equal((ProcessState.Skipped, ProcessReason.Gone), StateOf(table.Table.Explain(99)));
    }

    [Fact]
    public void Processes_are_found_by_id_but_threads_of_the_kernel_never()
    {
        using var table = new TableFixture(new ProcessSelector { ProcessIds = { 10, 11 } });
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, null, kernelThread: true);

        table.Table.Reconcile();

        Assert.Equal([10], table.Watched);
        Assert.Equal("/opt/app", table.Snapshot(10).ExecutablePath);
    }

    [Fact]
    public void New_processes_and_new_listeners_are_found_later()
    {
        using var table = new TableFixture(ByName, ByPort);
        table.Proc.Add(10, "/opt/old");
        table.Table.Reconcile();
        Assert.Empty(table.Watched);

        table.Proc.Add(11, "/opt/app");
        table.Proc.SetListeners(1, [(80, 1001)]);
        table.Proc.Hold(10, 1001);
        table.Table.Reconcile();

        Assert.Equal([10, 11], table.Watched);
    }

    [Fact]
    public void A_new_process_that_was_handed_an_old_socket_is_found()
    {
        using var table = new TableFixture(ByPort);
        table.Proc.SetListeners(1, [(80, 1001)]);
        table.Proc.Hold(1, 1001);
        table.Table.Reconcile();
        Assert.Empty(table.Watched);

        table.Proc.Add(10, "/opt/activated");
        table.Proc.Hold(10, 1001);
        table.Table.Reconcile();

        Assert.Equal([10], table.Watched);
    }

    [Fact]
    public void An_old_process_that_changed_is_found_by_a_full_walk_at_the_latest()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/before");
        table.Table.Reconcile();

        table.Proc.SetExecutable(10, "/opt/app");
        for (var i = 1; i < 12; i++)
        {
            table.Table.Reconcile();
            Assert.Empty(table.Watched);
        }

        table.Table.Reconcile();
        Assert.Equal([10], table.Watched);

        table.Proc.Add(11, "/opt/before");
        table.Table.Reconcile();
        table.Proc.SetExecutable(11, "/opt/app");
        table.Table.Reconcile(full: true);
        Assert.Equal([10, 11], table.Watched);
    }

    [Fact]
    public void A_process_that_vanished_unreported_is_let_go()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Table.Reconcile();
        table.Proc.Remove(10);

        table.Table.Reconcile();

        Assert.Empty(table.Watched);
        Assert.Equal(ProcessState.Exited, table.Snapshot(10).State);
        Assert.Equal("shop", table.Table.FindService(10)!.Name);
        Assert.Equal(1, table.Table.Counters.Exited);
    }

    [Fact]
    public void An_id_that_is_used_again_is_another_process()
    {
        using var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app", start: 1000);
        table.Proc.Add(11, "/opt/app", start: 1000);
        table.Table.Reconcile();

        table.Proc.WriteStat(10, parent: 1, start: 2000);
        table.Proc.SetExecutable(10, "/opt/other");
        table.Proc.WriteStat(11, parent: 1, start: 2000);
        table.Table.Reconcile(full: true);

        Assert.Equal([11], table.Watched);
        Assert.Equal(ProcessState.Exited, table.Snapshot(10).State);
        Assert.Equal(ProcessState.Attached, table.Snapshot(11).State);
        Assert.Equal([ProcessState.Attached, ProcessState.Exited], Changes(10));
        Assert.Equal([ProcessState.Attached, ProcessState.Exited, ProcessState.Attached], Changes(11));

        IEnumerable<ProcessState> Changes(int pid) => table.Changes.Where(change => change.ProcessId == pid).Select(change => change.State);
    }

    [Fact]
    public void A_full_kernel_table_is_a_reason_and_tried_again()
    {
        using var table = new TableFixture(ByName);
        table.Kernel.Capacity = 1;
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/app");

        table.Table.Reconcile();

        var refused = table.Table.Snapshots().Single(snapshot => snapshot.State == ProcessState.Skipped);
        Assert.Equal(ProcessReason.WatchTableFull, refused.Reason);
        Assert.Null(table.Table.FindService(refused.ProcessId));
        Assert.Equal(1, table.Table.Counters.WatchTableFull);

        table.Kernel.Capacity = 2;
        table.Table.Reconcile();
        Assert.Equal([10, 11], table.Watched);
        Assert.Equal(ProcessState.Attached, table.Snapshot(refused.ProcessId).State);
    }

    [Fact]
    public void No_more_processes_are_held_than_allowed()
    {
        using var table = new TableFixture(options => options.MaxProcesses = 2, ByName);
        foreach (var pid in Enumerable.Range(10, 3))
        {
            table.Proc.Add(pid, "/opt/app");
        }

        table.Table.Reconcile();

        Assert.Equal(2, table.Watched.Length);
        Assert.Equal(1, table.Table.Counters.ProcessTableFull);
        var refused = Enumerable.Range(10, 3).Except(table.Watched).Single();
        Assert.Equal((ProcessState.Skipped, ProcessReason.ProcessTableFull), StateOf(table.Table.Explain(refused)));

        table.Exit(table.Watched[0]);
        Assert.True(table.Exec(refused));
    }

    [Fact]
    public void What_the_kernel_watches_without_our_knowledge_is_taken_up_or_let_go()
    {
        using var table = new TableFixture(ByName);
        table.Table.Reconcile();
        table.Proc.Add(10, "/opt/app");
        table.Proc.Add(11, "/opt/other");
        table.Kernel.Add(10);
        table.Kernel.Add(11);
        table.Kernel.Add(12);

        table.Table.Reconcile();

        Assert.Equal([10], table.Watched);
    }

    [Fact]
    public void A_folder_that_cannot_be_read_ends_nothing()
    {
        var table = new TableFixture(ByName);
        table.Proc.Add(10, "/opt/app");
        table.Table.Reconcile();
        table.Dispose();

        table.Table.Reconcile();

        Assert.Equal([10], table.Watched);
    }

    private static (ProcessState, ProcessReason) StateOf(ProcessSnapshot snapshot) => (snapshot.State, snapshot.Reason);
}
