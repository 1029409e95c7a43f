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

    /// <summary>The account so far.</summary>
    SessionStatistics GetStatistics();
}
