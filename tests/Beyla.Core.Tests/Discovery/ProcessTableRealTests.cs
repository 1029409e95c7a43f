using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Beyla.Discovery;
using Beyla.Discovery.Proc;

namespace Beyla.Core.Tests.Discovery;

/// <summary>Against the processes of this machine; needs no rights but those over one's own processes.</summary>
public sealed class ProcessTableRealTests
{
    [Fact]
    public void A_process_is_found_by_its_executable_and_let_go_when_it_has_ended()
    {
        var kernel = new FakeKernel();
        using var sleep = Process.Start("sleep", "600");
        try
        {
            var table = Table(kernel, new ProcessSelector { ExecutableName = "/(sleep|coreutils|busybox)$", ProcessIds = { sleep.Id } });
            // Between fork and exec it still is the executable of this test.
            Until(() =>
            {
                table.Reconcile(full: true);
                return kernel.IsWatched(sleep.Id);
            });

            var snapshot = Assert.Single(table.Snapshots());
            Assert.Equal((sleep.Id, Environment.ProcessId, ProcessState.Attached), (snapshot.ProcessId, snapshot.ParentProcessId, snapshot.State));
            Assert.Equal($"{Environment.MachineName}:{sleep.Id}", snapshot.Service!.InstanceId);

            sleep.Kill();
            sleep.WaitForExit();
            table.Reconcile();
            Assert.False(kernel.IsWatched(sleep.Id));
            Assert.Equal(ProcessState.Exited, Assert.Single(table.Snapshots()).State);
        }
        finally
        {
            sleep.Kill();
        }
    }

    [Fact]
    public void This_process_is_found_by_the_port_that_it_listens_on()
    {
        var kernel = new FakeKernel();
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var table = Table(kernel, new ProcessSelector { OpenPorts = PortSet.Of(port) });

        table.Reconcile();

        Assert.True(kernel.IsWatched(Environment.ProcessId));
        var snapshot = Assert.Single(table.Snapshots(), snapshot => snapshot.ProcessId == Environment.ProcessId);
        Assert.Equal([port], snapshot.ListeningPorts);
        Assert.Equal("dotnet", snapshot.Service!.Language);
    }

    private static ProcessTable Table(FakeKernel kernel, ProcessSelector selector) =>
        new(new DiscoveryOptions { Selectors = { selector } }, kernel, new ProcFs(), TimeProvider.System, 0, Environment.MachineName);

    private static void Until(Func<bool> condition)
    {
        var deadline = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(60), "The condition did not come true in a minute.");
            Thread.Yield();
        }
    }
}
