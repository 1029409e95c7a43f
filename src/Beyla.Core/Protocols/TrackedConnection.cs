using Beyla.Capture;

namespace Beyla.Protocols;

/// <summary>
/// A connection from its first reported byte: finds the protocol, then leaves the work to that protocol's tracker.
/// A connection older than the agent shows up in the middle of a message, so strange bytes alone condemn nothing.
/// </summary>
internal sealed class TrackedConnection(ProtocolRegistry registry)
{
    private const int MaxStrangeTurns = 3;
    private const int MaxStrangeSegments = 4096;

    private ProtocolVerdict _verdict;
    private IProtocol? _protocol;
    private ProtocolConnection? _connection;
    private TurnFinder _turns;
    private int _strangeTurns;
    private int _strangeSegments;

    /// <inheritdoc cref="ProtocolConnection.Verdict"/>
    internal ProtocolVerdict Verdict => _verdict;

    /// <inheritdoc cref="ProtocolConnection.WantsLargerHead"/>
    internal bool WantsLargerHead => _connection is { WantsLargerHead: true };

    /// <inheritdoc cref="ProtocolConnection.Quiet"/>
    internal QuietHint? Quiet => _connection?.Quiet;

    /// <inheritdoc cref="ProtocolConnection.AwaitsIdle"/>
    internal bool AwaitsIdle => _connection is { AwaitsIdle: true };

    /// <summary>Takes the next segment of either direction.</summary>
    internal void OnSegment(in SocketSegment segment, IExchangeSink sink)
    {
        if (_verdict > ProtocolVerdict.Recognized)
        {
            return;
        }

        var isTurn = _turns.Begins(segment);
        if (_connection is null && !TryDetect(segment, isTurn))
        {
            OnStrange(isTurn && !segment.Head.IsEmpty);
            return;
        }

        if (_connection is null)
        {
            return;
        }

        _connection.OnSegment(segment, isTurn, sink);
        if (TakeOver())
        {
            // What follows the old protocol's last byte is the new one's; it knows by position where it begins.
            _connection.OnSegment(segment, isTurn, sink);
        }

        Follow(isTurn);
    }

    /// <inheritdoc cref="ProtocolConnection.OnEnd"/>
    internal void OnEnd(SocketEnd end, long timeNanoseconds, IExchangeSink sink) => _connection?.OnEnd(end, timeNanoseconds, sink);

    /// <inheritdoc cref="ProtocolConnection.OnIdle"/>
    internal void OnIdle(long nowNanoseconds, IExchangeSink sink) => _connection?.OnIdle(nowNanoseconds, sink);

    /// <inheritdoc cref="ProtocolConnection.Reset"/>
    internal void Reset()
    {
        ReleaseConnection();
        _verdict = ProtocolVerdict.Undecided;
        _turns = default;
        _strangeTurns = _strangeSegments = 0;
    }

    private bool TryDetect(in SocketSegment segment, bool isTurn)
    {
        if (segment.Head.IsEmpty)
        {
            return false;
        }

        if (TlsRecord.IsAt(segment.Head))
        {
            _verdict = ProtocolVerdict.Tls;
            return true;
        }

        _protocol = registry.Detect(segment.Head, isTurn);
        _connection = _protocol?.Rent();
        return _connection is not null;
    }

    private bool TakeOver()
    {
        if (_connection is not { Verdict: ProtocolVerdict.Upgraded, Upgrade: { } upgrade } || registry.TakeOver(upgrade, out var protocol) is not { } successor)
        {
            return false;
        }

        ReleaseConnection();
        _protocol = protocol;
        _connection = successor;
        return true;
    }

    private void Follow(bool isTurn)
    {
        switch (_connection!.Verdict)
        {
            case ProtocolVerdict.NotMine:
                _verdict = ProtocolVerdict.Undecided;
                ReleaseConnection();
                OnStrange(isTurn);
                break;
            case ProtocolVerdict.Upgraded:
                registry.Counters.UpgradedConnections++;
                _verdict = ProtocolVerdict.Upgraded;
                ReleaseConnection();
                break;
            case var verdict:
                _verdict = verdict;
                break;
        }
    }

    private void OnStrange(bool isTurn)
    {
        _strangeSegments++;
        if (isTurn)
        {
            _strangeTurns++;
        }

        if (_strangeTurns >= MaxStrangeTurns || _strangeSegments >= MaxStrangeSegments)
        {
            registry.Counters.NotMineConnections++;
            _verdict = ProtocolVerdict.NotMine;
        }
    }

    private void ReleaseConnection()
    {
        if (_connection is not null)
        {
            _protocol!.Return(_connection);
            _connection = null;
        }
    }
}
