using Beyla.Capture;

namespace Beyla.Protocols;

/// <summary>Follows one connection of one protocol: segments in, exchanges out. Used by one thread; reused through its protocol's pool.</summary>
internal abstract class ProtocolConnection
{
    public ProtocolVerdict Verdict { get; protected set; }

    /// <summary>What the connection was upgraded to, if that is known; meaningful with <see cref="ProtocolVerdict.Upgraded"/>.</summary>
    public virtual ProtocolUpgrade? Upgrade => null;

    /// <summary>Whether a head was cut by the copy budget since the connection began: a larger budget would have shown more.</summary>
    public bool WantsLargerHead { get; protected set; }

    /// <summary>How far the kernel may stay silent; <see langword="null"/> when the next segment is wanted.</summary>
    public abstract QuietHint? Quiet { get; }

    /// <summary>Whether <see cref="OnIdle"/> has anything to decide, so that idle connections need not be visited.</summary>
    public abstract bool AwaitsIdle { get; }

    /// <summary>Takes the next segment of either direction.</summary>
    /// <param name="segment">What was sent or received.</param>
    /// <param name="isTurn">Whether it begins where the other side was waiting, see <see cref="TurnFinder"/>.</param>
    /// <param name="sink">Takes what the segment completes.</param>
    public abstract void OnSegment(in SocketSegment segment, bool isTurn, IExchangeSink sink);

    /// <summary>Takes the end of a direction or of the connection.</summary>
    public abstract void OnEnd(SocketEnd end, long timeNanoseconds, IExchangeSink sink);

    /// <summary>Finishes what only a pause can finish.</summary>
    /// <param name="nowNanoseconds">CLOCK_MONOTONIC.</param>
    /// <param name="sink">Takes what is finished.</param>
    public abstract void OnIdle(long nowNanoseconds, IExchangeSink sink);

    /// <summary>Back to the initial state; pooled memory is given back.</summary>
    public abstract void Reset();
}
