using Beyla.Capture;

namespace Beyla.Protocols;

/// <summary>
/// Finds where a side of a connection takes its turn: with bytes that follow those after which the other side was heard
/// last. There a message may begin; anywhere else it may as well go on, in particular after bytes were missed.
/// </summary>
internal struct TurnFinder
{
    private bool _hasSegments;
    private SocketDirection _last;

    /// <summary>How far the other direction had come when the last segment was reported.</summary>
    private uint _opposite;

    /// <summary>Takes the connection's next segment.</summary>
    /// <returns>Whether a turn begins with it. Of the first one nothing is known that speaks against it.</returns>
    internal bool Begins(in SocketSegment segment)
    {
        if (segment.Length == 0)
        {
            return false;
        }

        var isTurn = !_hasSegments || (segment.Direction != _last && segment.EndPosition - segment.Length == _opposite);
        _hasSegments = true;
        _last = segment.Direction;
        _opposite = segment.OppositePosition;
        return isTurn;
    }
}
