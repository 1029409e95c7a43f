using System.Collections.Immutable;
using Beyla.Agent.Configuration.Settings;
using Beyla.Discovery;
using Beyla.Exporters.Otlp;
using Beyla.Sinks;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

/// <summary>One run of the agent, from settings that are right to its exit code.</summary>
internal sealed class AgentRun(
    AgentSettings settings,
    Func<AgentSettings, AgentOutputs, ILoggerFactory, IInstrumentationSession> createSession,
    ILoggerFactory loggers,
    ILogger logger,
    TimeProvider timeProvider)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    internal async Task<int> RunAsync(CancellationToken stop)
    {
        var hasStarted = false;
        try
        {
            await HostName.ResolveAsync(settings, logger, stop);
            var outputs = new AgentExports(settings, loggers, logger).Make();
            await using var session = createSession(settings, outputs, loggers);
            if (!await StartAsync(session, stop))
            {
                return AgentProgram.Success;
            }

            hasStarted = true;
            await WatchAsync(session, stop);
            var brokeOff = session.State == SessionState.Failed;
            await StopAsync(session, outputs);
            if (outputs.Sinks.Sum(Unprinted) is > 0 and var unprinted)
            {
                AgentLog.OutputClosed(logger, unprinted);
            }

            if (brokeOff)
            {
                AgentLog.BrokeOff(logger);
            }

            return brokeOff ? AgentProgram.Failed : AgentProgram.Success;
        }
#pragma warning disable CA1031 // The end of the line: whatever it is, the user is to read one sentence and the shell a code.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (hasStarted)
            {
                AgentLog.CannotEnd(logger, exception);
            }
            else
            {
                AgentLog.CannotStart(logger, exception);
            }

            return AgentProgram.Failed;
        }
    }

    private static bool IsObserved(ProcessSnapshot process) => process.State is ProcessState.Matched or ProcessState.Attached or ProcessState.Active;

    private static long Unprinted(ISpanSink sink) => sink switch
    {
        ConsoleSpanSink printer => printer.UnprintedSpans,
        JsonSpanSink printer => printer.UnprintedSpans,
        _ => 0,
    };

    /// <returns>Whether the session started; else the user changed their mind meanwhile.</returns>
    private static async Task<bool> StartAsync(IInstrumentationSession session, CancellationToken stop)
    {
        try
        {
            await session.StartAsync(stop);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    // Until the user, the clock or a failure of the session ends the run.
    private async Task WatchAsync(IInstrumentationSession session, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var clock = settings.Duration is { } duration ? new CancellationTokenSource(duration, timeProvider) : null;
        using var link = clock?.Token.Register(ending.Cancel);
        using var timer = new PeriodicTimer(CheckInterval, timeProvider);
        var mayWait = true;
        try
        {
            while (session.State == SessionState.Running)
            {
                await timer.WaitForNextTickAsync(ending.Token);
                if (mayWait && !session.Processes.Any(IsObserved))
                {
                    AgentLog.WaitingForProcess(logger);
                }

                mayWait = false;
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The ordinary end.
        }
    }

    private async Task StopAsync(IInstrumentationSession session, AgentOutputs outputs)
    {
        using var limit = new CancellationTokenSource(settings.Session.ShutdownTimeout, timeProvider);
        try
        {
            await session.StopAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            AgentLog.StoppedEarly(logger, settings.Session.ShutdownTimeout);
        }

        var statistics = session.GetStatistics();
        var drops = Explain(statistics.Drops);
        var losses = Explain(statistics.Losses);
        var unexported = statistics.Sinks.Sum(sink => sink.Dropped + sink.Failed);
        var undelivered = outputs.Sinks.OfType<OtlpTraceSink>().Sum(sink => sink.Account.Dropped);
        foreach (var limitation in statistics.Limitations)
        {
            AgentLog.Limitation(logger, limitation);
        }

        AgentLog.Ended(
            logger,
            statistics.Captured,
            statistics.Exported,
            statistics.Filtered,
            statistics.Sampled,
            drops,
            losses,
            statistics.SampledSpans,
            unexported,
            undelivered);
    }

    /// <summary>How many, and of what: <c>3 (1 ring_full, 2 stream_gap)</c>.</summary>
    private static string Explain(ImmutableArray<SessionDrop> drops) => drops.Sum(static drop => drop.Count) switch
    {
        0 => "0",
        var all => $"{all} ({string.Join(", ", drops.Where(static drop => drop.Count > 0).Select(static drop => $"{drop.Count} {drop.Reason}"))})",
    };
}
