using System.Diagnostics;
using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Agent.Tests.Configuration;
using Beyla.Discovery;
using Beyla.Protocols.Http;
using Beyla.Sinks;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Agent.Tests;

public sealed class AgentProgramTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private readonly FakeTimeProvider _time = new();
    private AgentSettings? _settings;
    private IReadOnlyList<ISpanSink> _sinks = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Help_names_every_option_and_its_other_names()
    {
        Assert.Equal(0, await Run(new FakeSession(), ["--help"], []));
        var help = _output.ToString();
        Assert.All(AgentOptionTable.All, option => Assert.Contains(option.Name, help, StringComparison.Ordinal));
        Assert.All(AgentOptionTable.All.SelectMany(option => option.Variables).Where(variable => !variable.IsAlias), variable => Assert.Contains(variable.Name, help, StringComparison.Ordinal));
        Assert.All(help.Split('\n'), line => Assert.True(line.Length <= 130, line));
    }

    [Fact]
    public async Task The_version_names_the_agent_libbpf_and_the_runtime()
    {
        Assert.Equal(0, await Run(new FakeSession(), ["--version"], []));
        var lines = _output.ToString().Split('\n');
        Assert.StartsWith("beyla 0.", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("libbpf ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith(".NET 10.", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_are_all_named_and_nothing_starts()
    {
        var session = new FakeSession();
        Assert.Equal(255, await Run(session, ["--open-port=x", "--duration", "soon"], [("PRINT_TRACES", "perhaps")]));
        Assert.Equal(3, _error.ToString().Split('\n').Count(line => line.StartsWith("beyla: ", StringComparison.Ordinal) && line.Contains(" is '", StringComparison.Ordinal)));
        Assert.Empty(session.Diary);
    }

    [Fact]
    public async Task Without_a_selector_the_help_is_shown_and_nothing_starts()
    {
        var session = new FakeSession();
        Assert.Equal(255, await Run(session, [], [("PRINT_TRACES", "true")]));
        Assert.Contains("beyla: Nothing is selected", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("BEYLA_OPEN_PORT", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(session.Diary);
    }

    [Theory]
    [InlineData("BEYLA_OPEN_PROT", "80", "BEYLA_OPEN_PROT is not an option and has no effect; did you mean BEYLA_OPEN_PORT?", "Nothing is selected")]
    [InlineData("BEYLA_OPEN_PORT", "x", "PORT is not set, and nothing stands in its place", "BEYLA_OPEN_PORT is 'x'")]
    public async Task What_has_no_effect_is_told_before_the_errors_that_may_come_of_it(string variable, string value, string warning, string error)
    {
        using var file = new ConfigFileOnDisk("trace_printer: text\nservice_name: ${PORT}\n");
        Assert.Equal(255, await Run(new FakeSession(), ["--config", file.Path], [(variable, value)]));
        var told = _error.ToString();
        Assert.InRange(told.IndexOf(warning, StringComparison.Ordinal), 0, told.IndexOf(error, StringComparison.Ordinal) - 1);
    }

    [Fact]
    public async Task A_signal_ends_the_run_in_order()
    {
        using var signal = new CancellationTokenSource();
        var session = new FakeSession { Statistics = new() { Captured = 10, Exported = 5, Filtered = 2, Sampled = 3, SampledSpans = 4, Losses = [new("ring_full", 2), new("stream_gap", 1), new("watch_full", 0)] } };
        var run = Run(session, ["--open-port=80"], [("PRINT_TRACES", "true")], signal);
        await session.Started.WaitAsync(Deadline, Cancellation);
        await signal.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(Deadline, Cancellation));
        Assert.Equal(["start", "stop", "dispose"], session.Diary);
        Assert.Contains("10 exchanges captured, 5 exported, 2 filtered, 3 sampled, 0 dropped, 3 (2 ring_full, 1 stream_gap) lost before; spans that the sampler left out: 4, that sinks did not take: 0", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task A_signal_during_the_start_ends_it()
    {
        using var signal = new CancellationTokenSource();
        var session = new FakeSession { StartNeverEnds = true };
        var run = Run(session, ["--open-port=80"], [("PRINT_TRACES", "true")], signal);
        await session.Started.WaitAsync(Deadline, Cancellation);
        await signal.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(Deadline, Cancellation));
        Assert.Equal(["start", "dispose"], session.Diary);
    }

    [Fact]
    public async Task The_run_ends_by_itself_after_its_duration()
    {
        var session = new FakeSession();
        var run = Run(session, ["--open-port=80", "--duration", "30"], [("PRINT_TRACES", "true")]);
        Assert.Equal(0, await Advance(run));
        Assert.Equal(TimeSpan.FromSeconds(30), _settings!.Duration);
        Assert.Equal(["start", "stop", "dispose"], session.Diary);
    }

    [Fact]
    public async Task A_session_that_breaks_off_ends_the_run_with_an_error()
    {
        var session = new FakeSession();
        var run = Run(session, ["--open-port=80"], [("PRINT_TRACES", "true")]);
        await session.Started.WaitAsync(Deadline, Cancellation);
        session.State = SessionState.Failed;
        Assert.Equal(1, await Advance(run));
        Assert.Contains(" FATAL beyla[21] The session broke off", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_fails_is_one_line_with_its_causes()
    {
        var session = new FakeSession { StartFailure = new BeylaStartException("not root;\nbecome it", new IOException("EPERM")) };
        Assert.Equal(1, await Run(session, ["--open-port=80"], [("PRINT_TRACES", "true")]));
        var line = Assert.Single(_error.ToString().Split('\n'), line => line.Contains("FATAL", StringComparison.Ordinal));
        Assert.EndsWith(" FATAL beyla[20] Cannot start: not root;; become it: EPERM", line, StringComparison.Ordinal);
        Assert.Equal(["start", "dispose"], session.Diary);
    }

    [Fact]
    public async Task An_end_that_fails_is_not_called_a_start_that_does()
    {
        var session = new FakeSession { StopFailure = new IOException("EPERM") };
        Assert.Equal(1, await Advance(Run(session, ["--open-port=80", "--duration=1"], [("PRINT_TRACES", "true")])));
        Assert.Contains(" FATAL beyla[24] The run could not be ended in order; what was captured last may be missing: EPERM", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Cannot start", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(["start", "stop", "dispose"], session.Diary);
    }

    [Fact]
    public async Task Spans_that_no_collector_took_are_told_at_the_end()
    {
        using var signal = new CancellationTokenSource();
        var session = new FakeSession();
        var run = Run(session, ["--open-port=80"], [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"http://127.0.0.1:{LocalPort.Free()}")], signal);
        await session.Started.WaitAsync(Deadline, Cancellation);
        await Assert.Single(_sinks).EmitAsync(new Span[] { Request(), Request(), Request() }, Cancellation);
        await signal.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(Deadline, Cancellation));
        Assert.Contains("that sinks did not take: 0, that no collector took: 3", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("OTLP traces to http://127.0.0.1:", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sinks_that_never_finish_do_not_keep_the_agent()
    {
        var session = new FakeSession { StopNeverEnds = true };
        var run = Run(session, ["--open-port=80", "--duration=1"], [("PRINT_TRACES", "true"), ("BEYLA_SHUTDOWN_TIMEOUT", "2s")]);
        Assert.Equal(0, await Advance(run));
        Assert.Contains("shutdown timeout of 00:00:02", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_without_a_matching_process_says_that_it_waits()
    {
        var run = Run(new FakeSession(), ["--open-port=80", "--duration=5"], [("PRINT_TRACES", "true")]);
        await Advance(run);
        Assert.Contains("waiting for one", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_with_a_matching_process_does_not_wait()
    {
        var session = new FakeSession
        {
            Processes = [new() { ProcessId = 1, State = ProcessState.Attached, Explanation = "", Since = default }],
            Statistics = new() { Limitations = ["No TLS."] },
        };
        await Advance(Run(session, ["--open-port=80", "--duration=5"], [("PRINT_TRACES", "true"), ("BEYLA_OPEN_PORTS", "80")]));
        Assert.DoesNotContain("waiting", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("No TLS.", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("did you mean BEYLA_OPEN_PORT?", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", 1)]
    [InlineData("false", 0)]
    public async Task Spans_are_printed_when_asked_for(string print, int sinks)
    {
        await Advance(Run(new FakeSession(), ["--open-port=80", "--duration=1"], [("PRINT_TRACES", print), ("BEYLA_PROMETHEUS_PORT", $"{LocalPort.Free()}")]));
        Assert.Equal(sinks, _sinks.Count);
        Assert.All(_sinks, sink => Assert.IsType<ConsoleSpanSink>(sink));
    }

    [Fact]
    public async Task Metrics_are_served_while_the_session_runs()
    {
        var port = LocalPort.Free();
        using var signal = new CancellationTokenSource();
        var session = new FakeSession();
        var run = Run(session, ["--open-port=80"], [("BEYLA_PROMETHEUS_PORT", $"{port}")], signal);
        await session.Started.WaitAsync(Deadline, Cancellation);
        using var client = new HttpClient();
        Assert.Contains("beyla_build_info", await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Cancellation), StringComparison.Ordinal);
        var account = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/internal/metrics"), Cancellation);
        Assert.Contains("beyla_exchanges_captured_total 0", account, StringComparison.Ordinal);
        await signal.CancelAsync();
        Assert.Equal(0, await run.WaitAsync(Deadline, Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Cancellation));
    }

    [Fact]
    public async Task The_effective_configuration_is_printed_and_nothing_starts()
    {
        var session = new FakeSession();
        Assert.Equal(0, await Run(session, ["config", "--open-port=80"], [("BEYLA_OPEN_PORTS", "80")]));
        Assert.Contains("open_port: 80  # --open-port\n", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("did you mean BEYLA_OPEN_PORT?", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(255, await Run(session, ["config"], [("BEYLA_OPEN_PORT", "x")]));
        Assert.Empty(session.Diary);
    }

    [Fact]
    public async Task The_schema_is_printed()
    {
        Assert.Equal(0, await Run(new FakeSession(), ["config", "schema"], []));
        Assert.Equal(EffectiveConfiguration.Schema(), _output.ToString());
    }

    [Theory]
    [InlineData("yaml", "open_port: 80  # BEYLA_OPEN_PORT")]
    [InlineData("json", "{\"open_port\":80,")]
    public async Task The_effective_configuration_goes_to_the_error_output_at_the_start_on_request(string format, string expected)
    {
        await Advance(Run(new FakeSession(), ["--duration=1"], [("BEYLA_OPEN_PORT", "80"), ("PRINT_TRACES", "true"), ("BEYLA_LOG_CONFIG", format)]));
        Assert.Contains(expected, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task A_file_alone_is_enough()
    {
        using var file = new ConfigFileOnDisk("discovery:\n  instrument:\n    - open_ports: 80\ntrace_printer: text\nlog_format: json\nebpf: {wakeup_len: 1}\n");
        var session = new FakeSession();
        await Advance(Run(session, ["-config", file.Path, "--duration=1"], []));
        Assert.Equal(["start", "stop", "dispose"], session.Diary);
        Assert.IsType<ConsoleSpanSink>(Assert.Single(_sinks));
        Assert.Contains("\"level\":\"WARN\",\"msg\":\"" + file.Path + ":6:8: ebpf.wakeup_len is an option of Beyla", _error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private static HttpSpan Request() => new()
    {
        Kind = SpanKind.Server,
        Service = new() { ProcessId = 1, Name = "shop", InstanceId = "web1:1", Language = "go" },
        StartUnixNanoseconds = 1_700_000_000_000_000_000,
        DurationNanoseconds = 1,
        Source = new SocketEndpoint([10, 0, 0, 7], 50482),
        Destination = new SocketEndpoint([10, 0, 0, 8], 80),
        TraceId = ActivityTraceId.CreateRandom(),
        SpanId = ActivitySpanId.CreateRandom(),
        End = SpanEnd.Framed,
        Method = "GET",
        Path = "/",
        ProtocolVersion = "1.1",
    };

    private Task<int> Run(FakeSession session, string[] arguments, (string Name, string Value)[] variables, CancellationTokenSource? signal = null)
    {
        var program = new AgentProgram(TextWriter.Synchronized(_output), TextWriter.Synchronized(_error), Create, _time);
        return program.RunAsync(arguments, variables.ToDictionary(variable => variable.Name, variable => variable.Value), signal?.Token ?? Cancellation);

        IInstrumentationSession Create(AgentSettings settings, AgentOutputs outputs, ILoggerFactory loggers)
        {
            _settings = settings;
            session.Sinks = _sinks = outputs.Sinks;
            session.Exporters = outputs.Exporters;
            return session;
        }
    }

    // The run waits for the fake clock; how often it has to be advanced is up to the run.
    private async Task<int> Advance(Task<int> run)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Deadline);
        while (!run.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }

        return await run;
    }
}
