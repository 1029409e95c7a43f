using System.Buffers.Binary;
using Beyla.Capture;

namespace Beyla.Protocols.Http2;

internal sealed partial class Http2Connection
{
    private const int ResetBytes = 4;
    private const int GoAwayBytes = 8;

    /// <summary>Frames begin where a segment begins, as a rule: writers write whole ones, and readers catch up in every pause.</summary>
    private void FindFrame(Http2Direction direction, ref SegmentCursor cursor, in SocketSegment segment)
    {
        var known = cursor.Offset == 0 ? cursor.Known : default;
        if (!_hasRole && !known.IsEmpty && ConnectionPreface.MayBeAt(known))
        {
            direction.Phase = FramePhase.Preface;
            direction.PrefacePassed = 0;
            _prefaceOpposite = segment.OppositePosition;
            _prefaceTime = segment.TimeNanoseconds;
            return;
        }

        if (FrameHeader.IsLikelyAt(known) && FrameHeader.Parse(known).Type != FrameType.Continuation)
        {
            direction.Phase = FramePhase.Header;
            direction.Decoder.Lose();
            OnDirectionFound(direction, direction.Position);
            return;
        }

        cursor.SkipToEnd();
        if (Verdict == ProtocolVerdict.Undecided && ++_strangeSegments > MaxStrangeSegments)
        {
            Verdict = ProtocolVerdict.NotMine;
        }
    }

    private void ReadPreface(Http2Direction direction, ref SegmentCursor cursor)
    {
        var expected = ConnectionPreface.Bytes[direction.PrefacePassed..];
        var known = cursor.Known;
        var count = Math.Min(expected.Length, known.Length);
        if (count == 0 || !known[..count].SequenceEqual(expected[..count]))
        {
            OnNonsense(direction, ref cursor);
            return;
        }

        cursor.Advance(count);
        direction.PrefacePassed += count;
        if (count < expected.Length)
        {
            return;
        }

        direction.Phase = FramePhase.Header;
        direction.Decoder.Reset();
        Verdict = ProtocolVerdict.Recognized;
        SetRole(direction);
        if (_responses is { IsSeen: false, Phase: FramePhase.Lost })
        {
            _responses.Phase = FramePhase.Header;
            _responses.Position = _prefaceOpposite;
        }
    }

    private void ReadHeader(Http2Direction direction, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        var known = cursor.Known;
        if (known.IsEmpty)
        {
            OnMissing(direction, cursor.Remaining, segment.NoBuffer);
            cursor.SkipToEnd();
            return;
        }

        if (direction.GatheredCount == 0)
        {
            direction.BeginHeader(segment);
        }

        cursor.Advance(direction.Gather(known, FrameHeader.Bytes));
        if (direction.GatheredCount < FrameHeader.Bytes)
        {
            return;
        }

        var frame = FrameHeader.Parse(direction.Gathered);
        if (!IsExpected(direction, frame))
        {
            OnNonsense(direction, ref cursor);
            return;
        }

        direction.BeginPayload(frame);
        if (++_frames >= TellingFrames)
        {
            Verdict = ProtocolVerdict.Recognized;
        }

        if (frame.Type == FrameType.Data)
        {
            OnDataBegin(direction);
        }

        if (frame.Length == 0)
        {
            OnFrameEnd(direction, segment, sink);
        }
    }

    /// <summary>Whether a frame may follow. Of a connection of which little is known, the header must be one in all likelihood.</summary>
    private bool IsExpected(Http2Direction direction, in FrameHeader frame) =>
        (Verdict == ProtocolVerdict.Recognized ? frame.IsValid : frame.IsPlausible)
        && (direction.IsInBlock
            ? frame.Type == FrameType.Continuation && frame.StreamId == direction.BlockFrame.StreamId
            : frame.Type != FrameType.Continuation);

    private void ReadPayload(Http2Direction direction, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        switch (direction.Frame.Type)
        {
            case FrameType.Data:
                PassData(direction, ref cursor);
                break;
            case FrameType.Headers or FrameType.PushPromise or FrameType.Continuation:
                PassBlock(direction, ref cursor);
                break;
            case FrameType.RstStream or FrameType.GoAway:
                direction.Gather(cursor.Known[..(int)Math.Min((uint)cursor.Known.Length, direction.PayloadLeft)], GoAwayBytes);
                Pass(direction, ref cursor);
                break;
            default:
                Pass(direction, ref cursor);
                break;
        }

        if (direction.PayloadLeft == 0)
        {
            OnFrameEnd(direction, segment, sink);
        }
    }

    /// <summary>Passes over payload as far as it is either known or unknown in one piece.</summary>
    private static void Pass(Http2Direction direction, ref SegmentCursor cursor)
    {
        var piece = cursor.Unknown > 0 ? cursor.Unknown : (uint)cursor.Known.Length;
        var count = Math.Min(piece, direction.PayloadLeft);
        cursor.Offset += count;
        direction.PayloadLeft -= count;
    }

    private void OnFrameEnd(Http2Direction direction, in SocketSegment segment, IExchangeSink sink)
    {
        var frame = direction.Frame;
        var gathered = direction.Gathered;
        switch (frame.Type)
        {
            case FrameType.Data:
                OnDataEnd(direction, segment, sink);
                break;
            case FrameType.Headers or FrameType.PushPromise or FrameType.Continuation:
                OnBlockFrameEnd(direction, segment, sink);
                break;
            case FrameType.RstStream:
                OnReset(direction, frame.StreamId, gathered.Length < ResetBytes ? null : (ErrorCode)ReadUInt32(gathered), segment, sink);
                break;
            case FrameType.GoAway when gathered.Length == GoAwayBytes:
                OnGoAway(direction, ReadUInt32(gathered), segment, sink);
                break;
        }

        // A block that could not be read may have ended what is known of the frames.
        if (direction.Phase == FramePhase.Payload)
        {
            direction.EndFrame();
        }
    }

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
