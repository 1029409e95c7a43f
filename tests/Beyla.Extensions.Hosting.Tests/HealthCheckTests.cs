using Beyla.Discovery;
using Beyla.Telemetry;
using Beyla.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Beyla.Extensions.Hosting.Tests;

public sealed class HealthCheckTests : IDisposable
{
    private readonly FakeSession _session = new() { State = SessionState.Running };
    private readonly IHost _host;

    public HealthCheckTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<IInstrumentationSession>(_session);
        builder.Services.AddKeyedSingleton<IInstrumentationSession>("second", new FakeSession());
        builder.Services.AddBeyla();
        builder.Services.AddHealthChecks().AddBeyla().AddBeyla("second");
        _host = builder.Build();
    }

    [Fact]
    public async Task A_session_that_sees_all_it_should_is_healthy()
    {
        _session.Statistics = new() { Captured = 3, Exported = 3 };
        var entry = await Check();
        Assert.Equal(HealthStatus.Healthy, entry.Status);
        Assert.Equal(3L, entry.Data["captured"]);
    }

    [Fact]
    public async Task Limitations_and_processes_that_are_left_out_degrade_it_and_are_listed()
    {
        _session.Statistics = new() { Limitations = ["No sendfile sizes."] };
        _session.Processes =
        [
            Process(1, ProcessState.Active, "port 80", "it answers"),
            Process(2, ProcessState.Skipped, "port 80", "the table is full"),
            Process(3, ProcessState.Skipped, null, "it is not selected"),
        ];
        var entry = await Check();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal("No sendfile sizes. Process 2 (/bin/x) is not observed: the table is full.", entry.Description);
        Assert.Equal(1, entry.Data["processes"]);
    }

    [Fact]
    public async Task A_loss_degrades_it_until_the_next_check_without_one()
    {
        _session.Statistics = new()
        {
            Drops = [new("full", 1)],
            Losses = [new("ring_full", 2)],
            Sinks = [new() { Name = "x", Dropped = 4, Failed = 5 }],
        };
        var entry = await Check();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal("3 losses in the capture since the last check. 9 spans not taken by sinks since the last check.", entry.Description);
        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    public async Task What_an_exporter_gives_up_degrades_it_until_the_next_check_without_a_loss()
    {
        var exporter = new LossyExporter();
        _session.Exporters = [exporter];
        exporter.Drops = 7;
        var entry = await Check();
        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Equal("9 data points given up by an exporter since the last check (x.drops); the log says why.", entry.Description);
        Assert.Equal(9L, entry.Data["undelivered"]);
        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
        exporter.Drops++;
        Assert.StartsWith("1 data points given up", (await Check()).Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SessionState.Created)]
    [InlineData(SessionState.Starting)]
    [InlineData(SessionState.Stopped)]
    [InlineData(SessionState.Failed)]
    public async Task A_session_that_does_not_run_is_unhealthy(SessionState state)
    {
        _session.State = state;
        var entry = await Check();
        Assert.Equal((HealthStatus.Unhealthy, $"The session is {state}."), (entry.Status, entry.Description));
    }

    [Fact]
    public async Task A_named_session_has_a_check_of_its_own() =>
        Assert.Equal(HealthStatus.Unhealthy, (await Check("beyla-second")).Status);

    public void Dispose() => _host.Dispose();

    /// <summary>Counts what it drops by two reasons, one of which has happened twice.</summary>
    private sealed class LossyExporter : ISessionExporter, ITelemetrySource
    {
        private static readonly TelemetryInstrument Instrument = new("x.drops", TelemetryInstrumentKind.Counter, "{data_point}", "Dropped", "reason") { CountsLosses = true };
        private static readonly TelemetryInstrument Other = new("x.exports", TelemetryInstrumentKind.Counter, "{data_point}", "Exported");

        internal int Drops { get; set; }

        public ValueTask StartAsync(IInstrumentationSession session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask StopAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public void Collect(ITelemetryVisitor visitor)
        {
            visitor.Visit(Instrument, Drops, "rejected");
            visitor.Visit(Instrument, 2, "shutdown");
            visitor.Visit(Other, 100);
        }
    }

    private static ProcessSnapshot Process(int id, ProcessState state, string? selector, string why) => new()
    {
        ProcessId = id,
        State = state,
        Explanation = why,
        MatchedSelector = selector,
        ExecutablePath = "/bin/x",
        Since = default,
    };

    private async Task<HealthReportEntry> Check(string name = "beyla")
    {
        var report = await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        return report.Entries[name];
    }
}
