namespace Beyla.IntegrationTests.Fleet;

public sealed class TargetProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_process_runs_under_its_own_id_and_ends_with_its_object()
    {
        var process = await TargetProcess.StartAsync(new ProcessSpec("/bin/sleep", ["1000"]));
        // The starter becomes the program a moment after it has been started.
        await Poll(() => Command(process.Id).StartsWith("/bin/sleep", StringComparison.Ordinal));
        var id = process.Id;
        await process.DisposeAsync();
        Assert.DoesNotContain("/bin/sleep", Command(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_ignores_the_request_to_end_is_killed()
    {
        var process = await TargetProcess.StartAsync(new ProcessSpec("/bin/sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 1000; done"]));
        await Poll(() => process.Output.Contains("ready", StringComparison.Ordinal));
        var id = process.Id;
        await process.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{id}"));
    }

    [Fact]
    public async Task What_ends_before_it_listens_is_reported_with_its_output()
    {
        await using var process = await TargetProcess.StartAsync(new ProcessSpec("/bin/sh", ["-c", "echo no such luck >&2; exit 3"]));
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(
            () => process.WaitForPortAsync(LocalPort.Free(), Timeout, TestContext.Current.CancellationToken));
        Assert.Contains("ended with 3", problem.Message, StringComparison.Ordinal);
        Assert.Contains("no such luck", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_listens_only_while_somebody_listens()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        Assert.True(LocalPort.IsListening(port));
        listener.Stop();
        Assert.False(LocalPort.IsListening(port));
    }

    [Fact]
    public void A_missing_runtime_skips_the_test_or_fails_it_where_it_is_required()
    {
        var missing = new Tool("no-such-command-anywhere", "no-such-package");
        Assert.Contains("no-such-package", Outcome(missing, "1"), StringComparison.Ordinal);
        Assert.StartsWith("Xunit.Sdk.FailException", Outcome(missing, "1"), StringComparison.Ordinal);
        Assert.StartsWith("Xunit.Sdk.SkipException", Outcome(missing, ""), StringComparison.Ordinal);
        Assert.Equal("/bin/sh", Tooling.Require(new Tool("/bin/sh", "dash")));
    }

    private static string Outcome(Tool tool, string required)
    {
        const string Variable = "BEYLA_REQUIRE_RUNTIMES";
        var before = Environment.GetEnvironmentVariable(Variable);
        try
        {
            Environment.SetEnvironmentVariable(Variable, required);
            // Record.Exception lets a skip pass.
            return Tooling.Require(tool);
        }
        catch (Exception problem)
        {
            return $"{problem.GetType()} {problem.Message}";
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }

    private static string Command(int id) => File.Exists($"/proc/{id}/cmdline") ? File.ReadAllText($"/proc/{id}/cmdline") : "";

    private static async Task Poll(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Timeout);
        while (!condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
