using Beyla.Capture;
using Beyla.Protocols.Http2.Hpack;

namespace Beyla.Protocols.Http2;

/// <summary>Header blocks (RFC 9113 §4.3): put together, read, and handed to their stream.</summary>
internal sealed partial class Http2Connection
{
    private static void PassBlock(Http2Direction direction, ref SegmentCursor cursor)
    {
        var known = cursor.Known;
        if (known.IsEmpty)
        {
            direction.BreakBlock();
        }
        else
        {
            direction.AppendBlock(known[..(int)Math.Min((uint)known.Length, direction.PayloadLeft)]);
        }

        Pass(direction, ref cursor);
    }

    private void OnBlockFrameEnd(Http2Direction direction, in SocketSegment segment, IExchangeSink sink)
    {
        if (!direction.TrimBlock())
        {
            Counters.Malformed++;
            direction.BreakBlock();
        }

        if (!direction.Frame.EndsHeaders)
        {
            return;
        }

        ReadBlock(direction);
        OnBlock(direction, segment, sink);
        direction.EndBlock();
    }

    /// <summary>Reads the block into <see cref="Fields"/>, as far as it was seen.</summary>
    private void ReadBlock(Http2Direction direction)
    {
        Fields.Begin();
        var result = direction.Decoder.Decode(direction.Block);
        if (direction.IsBlockBroken)
        {
            Counters.TruncatedHeads++;
            direction.Decoder.Lose();
            Fields.Cut();
        }
        else if (result != HpackResult.Complete)
        {
            Counters.Malformed++;
            Fields.Cut();
        }

        Counters.Malformed += Fields.IsContradictory ? 1 : 0;
    }

    private void OnBlock(Http2Direction direction, in SocketSegment segment, IExchangeSink sink)
    {
        if (direction.BlockFrame.Type == FrameType.PushPromise)
        {
            // The promised exchange is not the client's; its block only matters for the blocks behind it.
            SetRoleOnce(Opposite(direction));
            return;
        }

        if (Fields.IsRequest && Fields.IsResponse)
        {
            Counters.Malformed++;
            return;
        }

        if (Fields.IsRequest || Fields.IsResponse)
        {
            SetRoleOnce(Fields.IsRequest ? direction : Opposite(direction));
            Verdict = ProtocolVerdict.Recognized;
        }

        if (!_hasRole)
        {
            // Neither side has said anything yet that only a client or only a server says.
            Counters.DroppedRequests++;
        }
        else if (direction == _requests && !Fields.IsResponse)
        {
            OnRequestHead(direction, segment, sink);
        }
        else if (direction == _responses && !Fields.IsRequest)
        {
            OnResponseHead(direction, segment, sink);
        }
        else
        {
            Counters.Malformed++;
        }
    }

    private void SetRoleOnce(Http2Direction requests)
    {
        if (!_hasRole)
        {
            SetRole(requests);
        }
    }
}
