using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Telemetry;

namespace Beyla;

/// <summary>
/// Observes processes of this machine from outside, from <see cref="StartAsync"/> until <see cref="StopAsync"/> or disposal.
/// Members may be called from any thread. The hooks in the kernel belong to file descriptors of this process: when it
/// ends, however it ends, they are gone.
/// </summary>
public interface IInstrumentationSession : IAsyncDisposable
{
    /// <summary>Where the session is in its life.</summary>
    SessionState State { get; }

    /// <summary>Loads and attaches the programs. When the task ends without an exception, requests of selected processes are seen.</summary>
    /// <param name="cancellationToken">Gives up starting; what was loaded is taken out again.</param>
    /// <exception cref="InvalidOperationException">The session was started before.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Detaches, then hands everything captured so far to the sinks. Does nothing if the session has ended or never started.</summary>
    /// <param name="cancellationToken">Ends the wait for slow sinks; what they did not take is counted as dropped.</param>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Processes that are or were selected, as of a moment ago, with their state and the reason for it.</summary>
    IReadOnlyCollection<ProcessSnapshot> Processes { get; }

    /// <summary>RED metrics of every observed service. Empty before the start; readable to the end and beyond.</summary>
    RedStore Metrics { get; }

    /// <summary>Observes a process that no selector names, from now on.</summary>
    /// <param name="processId">Id in the initial pid namespace.</param>
    /// <param name="cancellationToken">Gives up waiting; the process may be attached all the same.</param>
    /// <returns>The process after the attempt; <see cref="ProcessSnapshot.State"/> and <see cref="ProcessSnapshot.Explanation"/> say whether it is attached.</returns>
    /// <exception cref="InvalidOperationException">The session is not running.</exception>
    Task<ProcessSnapshot> AttachAsync(int processId, CancellationToken cancellationToken);

    /// <summary>Stops observing a process, whatever selected it, until it is attached again.</summary>
    /// <param name="processId">Id in the initial pid namespace.</param>
    /// <param name="cancellationToken">Gives up waiting; the process may be detached all the same.</param>
    /// <returns>The process after the attempt.</returns>
    /// <exception cref="InvalidOperationException">The session is not running.</exception>
    Task<ProcessSnapshot> DetachAsync(int processId, CancellationToken cancellationToken);

    /// <summary>Why a process is observed or not, asked of the selectors now.</summary>
    /// <param name="processId">Id in the initial pid namespace.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">The session is not running.</exception>
    Task<ProcessSnapshot> ExplainAsync(int processId, CancellationToken cancellationToken);

    /// <summary>The account so far.</summary>
    SessionStatistics GetStatistics();

    /// <summary>What the session, its exporters and its sinks tell about themselves, for whoever exports it.</summary>
    ITelemetrySource Telemetry { get; }
}
