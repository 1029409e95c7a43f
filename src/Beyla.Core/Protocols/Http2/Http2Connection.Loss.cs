using Beyla.Capture;

namespace Beyla.Protocols.Http2;

/// <summary>What happens when bytes were missed.</summary>
internal sealed partial class Http2Connection
{
    /// <summary>Bytes before a segment were never handed over.</summary>
    private void OnGap(Http2Direction direction, uint bytes, in SocketSegment segment, IExchangeSink sink)
    {
        if (direction.Phase == FramePhase.Payload && bytes <= direction.PayloadLeft)
        {
            PassMissing(direction, bytes);
            if (direction.PayloadLeft == 0)
            {
                _isInGap = true;
                OnFrameEnd(direction, segment, sink);
                _isInGap = false;
            }

            return;
        }

        OnMissing(direction, bytes, noBuffer: false);
    }

    /// <summary>Bytes of the payload were never handed over; where it ends is known.</summary>
    private void PassMissing(Http2Direction direction, uint bytes)
    {
        if (direction.Frame.Type == FrameType.Data)
        {
            PassMissingData(direction, bytes);
        }
        else if (direction.Frame.CarriesBlock)
        {
            direction.BreakBlock();
        }

        direction.PayloadLeft -= bytes;
    }

    /// <summary>Bytes were missed that may hold any number of frames.</summary>
    private void OnMissing(Http2Direction direction, uint bytes, bool noBuffer)
    {
        if (direction.Phase == FramePhase.Lost)
        {
            return;
        }

        if (!noBuffer)
        {
            Counters.Gaps++;
            Counters.GapBytes += bytes;
        }

        Lose(direction);
    }

    private void OnNonsense(Http2Direction direction, ref SegmentCursor cursor)
    {
        cursor.SkipToEnd();
        if (Verdict == ProtocolVerdict.Undecided)
        {
            // What looked like frames was something else.
            Verdict = ProtocolVerdict.NotMine;
            return;
        }

        Counters.Malformed++;
        Lose(direction);
    }

    /// <summary>Nothing is known of the direction until a segment begins with a frame.</summary>
    private void Lose(Http2Direction direction)
    {
        Counters.LostSync++;
        _frames = 0;
        direction.Lose();
        OnDirectionLost(direction);
    }
}
