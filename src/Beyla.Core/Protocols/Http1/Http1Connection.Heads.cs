using Beyla.Capture;

namespace Beyla.Protocols.Http1;

internal sealed partial class Http1Connection
{
    /// <returns>Whether the head could be processed now; if not, stream and cursor stand as before.</returns>
    private bool ReadHead(Http1Stream stream, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        if (stream.Buffered == 0)
        {
            cursor.Advance(Http1HeadParser.CountEmptyLines(cursor.Known));
            if (cursor.IsAtEnd)
            {
                return true;
            }

            stream.BeginHead(segment, cursor.Offset);
            var known = cursor.Known;
            switch (Http1HeadParser.Parse(known, out var head))
            {
                case HeadResult.Complete:
                    return OnHead(stream, head, ref cursor, cursor.Offset + (uint)head.Length, segment, sink);
                case HeadResult.NotMine:
                    OnNonsense(stream, ref cursor);
                    return true;
                case HeadResult.NeedMore when known.IsEmpty:
                    OnHiddenHead(stream, ref cursor, segment.NoBuffer);
                    return true;
            }
        }

        return ReadPieces(stream, ref cursor, segment, sink);
    }

    private bool ReadPieces(Http1Stream stream, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        var buffered = stream.Buffered;
        var begin = cursor.Offset;
        for (var known = cursor.Known; !known.IsEmpty && stream.Buffered < Http1Stream.MaxHeadBytes; known = cursor.Known)
        {
            var searched = stream.Buffered;
            stream.Append(known);
            cursor.Advance(stream.Buffered - searched);
            if (!Http1HeadParser.HasHeadEnd(stream.Buffer, searched))
            {
                continue;
            }

            if (Http1HeadParser.Parse(stream.Buffer, out var head) != HeadResult.Complete)
            {
                OnNonsense(stream, ref cursor);
                return true;
            }

            cursor.Offset = begin;
            return OnHead(stream, head, ref cursor, begin + (uint)(head.Length - buffered), segment, sink) || Revert(stream, buffered);
        }

        if (Http1HeadParser.Parse(stream.Buffer, out var start) == HeadResult.NotMine)
        {
            OnNonsense(stream, ref cursor);
            return true;
        }

        if (cursor.IsAtEnd)
        {
            return true;
        }

        if (OnCutHead(stream, start, ref cursor, segment, sink))
        {
            return true;
        }

        cursor.Offset = begin;
        return Revert(stream, buffered);
    }

    private static bool Revert(Http1Stream stream, int buffered)
    {
        stream.Buffered = buffered;
        return false;
    }

    /// <param name="stream">Whose head it is.</param>
    /// <param name="head">A whole head.</param>
    /// <param name="cursor">Is moved to <paramref name="headEnd"/> when the head is taken.</param>
    /// <param name="headEnd">Offset behind the head in the segment.</param>
    /// <param name="segment">Holds the head's last byte.</param>
    /// <param name="sink">Takes what the head completes.</param>
    private bool OnHead(
        Http1Stream stream, in Http1Head head, ref SegmentCursor cursor, uint headEnd, in SocketSegment segment, IExchangeSink sink)
    {
        if (!Recognize(stream, head, ref cursor))
        {
            return true;
        }

        if (head.IsResponse)
        {
            if (MustHold(segment))
            {
                return false;
            }

            cursor.Offset = headEnd;
            OnResponse(stream, head, segment.TimeNanoseconds, sink);
        }
        else if (head.IsHttp2Preface)
        {
            cursor.Offset = headEnd;
            OnHttp2Preface(head);
        }
        else
        {
            cursor.Offset = headEnd;
            OnRequest(stream, head, segment, sink);
        }

        stream.DropHead();
        return true;
    }

    /// <summary>Settles who the client is; a message from the wrong side is nonsense.</summary>
    private bool Recognize(Http1Stream stream, in Http1Head head, ref SegmentCursor cursor)
    {
        var requests = head.IsResponse ? Opposite(stream) : stream;
        if (!_hasRole)
        {
            SetRole(requests);
        }
        else if (_requests != requests)
        {
            OnNonsense(stream, ref cursor);
            return false;
        }

        Verdict = ProtocolVerdict.Recognized;
        return true;
    }

    /// <summary>The rest of the head was not copied: takes what is certain.</summary>
    private bool OnCutHead(Http1Stream stream, in Http1Head head, ref SegmentCursor cursor, in SocketSegment segment, IExchangeSink sink)
    {
        if (!IsCertain(head))
        {
            OnHiddenHead(stream, ref cursor, segment.NoBuffer);
            return true;
        }

        if (!Recognize(stream, head, ref cursor))
        {
            return true;
        }

        if (head.IsResponse && MustHold(segment))
        {
            return false;
        }

        Counters.TruncatedHeads++;
        WantsLargerHead = true;
        var endsWithEmptyLine = cursor.Last.EndsWith("\r\n\r\n"u8);
        var unknown = cursor.Remaining;
        cursor.SkipToEnd();
        if (head.IsResponse)
        {
            OnCutResponse(stream, head, unknown, endsWithEmptyLine, segment.TimeNanoseconds, sink);
        }
        else
        {
            OnCutRequest(stream, head, segment, sink);
        }

        stream.DropHead();
        return true;
    }

    /// <summary>A target without its version could be of any text protocol, unless the method or the connection's past says HTTP.</summary>
    private bool IsCertain(in Http1Head head) =>
        head.HasStartLine
        || (!head.IsResponse && !head.Path.IsEmpty && (Verdict == ProtocolVerdict.Recognized || HttpMethods.IsKnown(head.Method)));

    /// <summary>Not even the start line was copied.</summary>
    private void OnHiddenHead(Http1Stream stream, ref SegmentCursor cursor, bool noBuffer)
    {
        cursor.SkipToEnd();
        Counters.TruncatedHeads++;
        WantsLargerHead |= !noBuffer;
        Lose(stream);
    }

    private void OnNonsense(Http1Stream stream, ref SegmentCursor cursor)
    {
        cursor.SkipToEnd();
        if (!_hasPaired)
        {
            // What looked like a message may have been content that a connection older than the agent was in the middle of.
            Counters.DroppedRequests += _queue.Count;
            Verdict = ProtocolVerdict.NotMine;
            return;
        }

        Counters.Malformed++;
        Lose(stream);
    }
}
