using Beyla.Capture;

namespace Beyla.Protocols.Http2;

internal sealed partial class Http2Connection
{
    private readonly Dictionary<uint, Http2Stream> _streams = [];

    /// <summary>Highest stream whose request was seen: requests come in the order of their streams (RFC 9113 §5.1.1).</summary>
    private uint _lastRequest;

    /// <summary>First stream whose request was seen; a response to an earlier one answers a request that was not.</summary>
    private uint _firstRequest;

    private bool _mayHaveMissedRequests;

    private void OnRequestHead(Http2Direction direction, in SocketSegment segment, IExchangeSink sink)
    {
        var id = direction.BlockFrame.StreamId;
        if ((id & 1) == 0)
        {
            Counters.Malformed++;
            return;
        }

        if (!_streams.TryGetValue(id, out var stream))
        {
            var isTrailer = !Fields.IsRequest && !Fields.HasUnknown;
            if (id <= _lastRequest || isTrailer)
            {
                return;
            }

            _lastRequest = id;
            _firstRequest = _firstRequest == 0 ? id : _firstRequest;
            stream = Add(id);
            if (stream is null)
            {
                return;
            }
        }

        if (!stream.HasRequest)
        {
            stream.ResponseOrigin = direction.BlockOpposite;
            _lastRequest = Math.Max(id, _lastRequest);
            stream.SetRequest(Fields, direction.BlockTime, direction.BlockProcessId);
            if (direction.BlockFrame.EndsStream && !Fields.IsRequest)
            {
                // It may be the trailers of a request whose head and content were missed, and its response may have begun long ago.
                LoseSizes(stream);
            }

            LoseEarlyResponse(stream);
        }

        TouchRequest(stream, segment.TimeNanoseconds);
        if (direction.BlockFrame.EndsStream)
        {
            OnStreamEnd(direction, id, segment, sink);
        }
    }

    private void OnResponseHead(Http2Direction direction, in SocketSegment segment, IExchangeSink sink)
    {
        var id = direction.BlockFrame.StreamId;
        var endsStream = direction.BlockFrame.EndsStream;
        if (Fields.Status is >= 100 and < 200 && !endsStream)
        {
            return;
        }

        if (!_streams.TryGetValue(id, out var stream))
        {
            var isTrailer = !Fields.IsResponse && !Fields.HasUnknown;
            stream = isTrailer ? null : AddUnasked(id, segment);
            if (stream is null)
            {
                return;
            }
        }

        stream.IsDoubtful = false;
        if (!stream.HasRequest && !stream.IsResponding && endsStream && !Fields.IsResponse)
        {
            // It may be the trailers of a response whose head and content were missed.
            LoseSizes(stream);
        }

        if (!stream.IsResponding || Fields.IsResponse)
        {
            // A second head follows one of which it was not known that it was an interim one.
            stream.IsResponding = true;
            stream.ResponseStartTime = direction.BlockTime;
            stream.Status = Fields.Status;
            stream.ResponseContent = Fields.Content;
            if (stream.ResponseContent == ContentKind.Other)
            {
                stream.ResponseMessages.Lose(); // a call that was not answered in gRPC
            }
        }

        if (Fields.GrpcStatus != HeaderFields.NotSeen)
        {
            stream.GrpcStatus = Fields.GrpcStatus;
        }

        var opensStream = stream.ResponseContent == ContentKind.EventStream || (stream.IsConnect && stream.Status is >= 200 and < 300);
        if (endsStream)
        {
            OnStreamEnd(direction, id, segment, sink);
        }
        else if (opensStream)
        {
            EndExchange(stream, opensStream, segment, sink);
        }
    }

    /// <summary>A response to a request that was not seen: it may have been missed, or be reported in a moment.</summary>
    private Http2Stream? AddUnasked(uint id, in SocketSegment segment)
    {
        if ((id & 1) == 0)
        {
            return null; // pushed
        }

        if (id > _lastRequest && ExistsUnseen(_requests!, segment.OppositePosition))
        {
            return Add(id);
        }

        if (id < _firstRequest || id > _lastRequest || _mayHaveMissedRequests)
        {
            Counters.UnpairedResponses++;
        }

        return null;
    }

    private void OnDataBegin(Http2Direction direction)
    {
        if (FindStream(direction) is not { } stream)
        {
            return;
        }

        if (direction == _requests)
        {
            stream.RequestSize += direction.Frame.Length;
        }
        else
        {
            stream.ResponseSize += direction.Frame.Length;
            stream.IsDoubtful = false;
        }
    }

    private void PassData(Http2Direction direction, ref SegmentCursor cursor)
    {
        var known = cursor.Known;
        if (direction.Padding is null)
        {
            TakePadLength(direction, known);
            if (!known.IsEmpty)
            {
                cursor.Advance(1);
                direction.PayloadLeft--;
                return;
            }
        }

        var left = direction.PayloadLeft;
        Pass(direction, ref cursor);
        PassContent(direction, known, left, count: left - direction.PayloadLeft);
    }

    private void PassMissingData(Http2Direction direction, uint bytes)
    {
        if (direction.Padding is null)
        {
            TakePadLength(direction, default);
        }

        PassContent(direction, default, direction.PayloadLeft, bytes);
    }

    /// <param name="direction">Whose content passes.</param>
    /// <param name="known">The bytes; empty when they are not known.</param>
    /// <param name="left">Bytes of the payload before them.</param>
    /// <param name="count">How many they are, padding included.</param>
    private void PassContent(Http2Direction direction, ReadOnlySpan<byte> known, uint left, uint count)
    {
        var content = Math.Min(count, left - Math.Min(left, direction.Padding ?? 0));
        if (content == 0 || FindStream(direction) is not { MayBeGrpc: true } stream)
        {
            return;
        }

        ref var messages = ref direction == _requests ? ref stream.RequestMessages : ref stream.ResponseMessages;
        if (known.IsEmpty)
        {
            messages.PassUnknown(content);
        }
        else
        {
            messages.Pass(known[..(int)content]);
        }
    }

    /// <summary>The first byte of a padded frame says how much of it is padding, and is no content either.</summary>
    private void TakePadLength(Http2Direction direction, ReadOnlySpan<byte> known)
    {
        direction.Padding = known.IsEmpty ? 0u : known[0];
        var isMalformed = direction.Padding >= direction.Frame.Length;
        Counters.Malformed += isMalformed ? 1 : 0;
        if (FindStream(direction) is not { } stream)
        {
            return;
        }

        var isUnknown = known.IsEmpty || isMalformed;
        var overhead = direction.Padding.Value + 1;
        if (direction == _requests)
        {
            stream.RequestSize -= overhead;
            stream.IsRequestSizeLost |= isUnknown;
        }
        else
        {
            stream.ResponseSize -= overhead;
            stream.IsResponseSizeLost |= isUnknown;
        }

        if (isUnknown)
        {
            (direction == _requests ? ref stream.RequestMessages : ref stream.ResponseMessages).Lose();
        }
    }

    private Http2Stream? FindStream(Http2Direction direction) =>
        _hasRole && _streams.TryGetValue(direction.Frame.StreamId, out var stream) ? stream : null;

    private void OnDataEnd(Http2Direction direction, in SocketSegment segment, IExchangeSink sink)
    {
        var id = direction.Frame.StreamId;
        if (direction.Frame.EndsStream)
        {
            OnStreamEnd(direction, id, segment, sink);
        }
        else if (direction == _requests && _streams.TryGetValue(id, out var stream))
        {
            TouchRequest(stream, segment.TimeNanoseconds);
        }
    }

    private void OnStreamEnd(Http2Direction direction, uint id, in SocketSegment segment, IExchangeSink sink)
    {
        if (!_hasRole || !_streams.TryGetValue(id, out var stream))
        {
            return;
        }

        if (direction == _requests)
        {
            TouchRequest(stream, segment.TimeNanoseconds);
            stream.IsRequestWhole = true;
        }
        else
        {
            EndExchange(stream, isOpen: false, segment, sink);
        }
    }

    /// <summary>Notes the time of request bytes, unless the response has begun: its service time ends there.</summary>
    private static void TouchRequest(Http2Stream stream, long time)
    {
        if (!stream.IsResponding)
        {
            stream.RequestEndTime = time;
        }
    }

    /// <returns>A new stream; <see langword="null"/> when there are too many.</returns>
    private Http2Stream? Add(uint id)
    {
        if (_streams.Count >= Http2Protocol.MaxStreamsPerConnection)
        {
            DropDoubtful();
        }

        var stream = _streams.Count < Http2Protocol.MaxStreamsPerConnection ? _protocol.RentStream() : null;
        if (stream is null)
        {
            Counters.DroppedRequests++;
            return null;
        }

        stream.Begin(id);
        _streams.Add(id, stream);
        return stream;
    }

    private void Remove(Http2Stream stream)
    {
        _streams.Remove(stream.Id);
        _protocol.ReturnStream(stream);
    }

    /// <summary>Makes room: exchanges whose end may have been missed are given up.</summary>
    private void DropDoubtful()
    {
        foreach (var stream in _streams.Values)
        {
            if (stream.IsDoubtful && !stream.IsEnded)
            {
                Counters.DroppedRequests++;
                Remove(stream);
            }
        }
    }

    private void OnDirectionLost(Http2Direction direction)
    {
        if (!_hasRole)
        {
            return;
        }

        _mayHaveMissedRequests |= direction == _requests;
        foreach (var stream in _streams.Values)
        {
            if (direction == _requests)
            {
                stream.IsRequestSizeLost |= !stream.IsRequestWhole;
                stream.RequestMessages.Lose();
            }
            else
            {
                LoseResponse(stream);
            }
        }
    }

    /// <summary>Frames were found again at a position: what a stream's direction said before it was missed.</summary>
    private void OnDirectionFound(Http2Direction direction, uint position)
    {
        direction.FoundPosition = position;
        if (direction != _responses)
        {
            return;
        }

        foreach (var stream in _streams.Values)
        {
            if (IsBefore(stream, position))
            {
                LoseResponse(stream);
            }
        }
    }

    /// <summary>Of a request that is only known now, frames of the response may have been missed, or have passed as nobody's.</summary>
    private void LoseEarlyResponse(Http2Stream stream)
    {
        if (_responses!.FoundPosition is not { } position)
        {
            return;
        }

        if (IsBefore(stream, position))
        {
            LoseResponse(stream);
        }
        else
        {
            // Requests to come begin later still, and positions wrap around.
            _responses.FoundPosition = null;
        }
    }

    /// <summary>Whether a stream's response may have begun before a position.</summary>
    private static bool IsBefore(Http2Stream stream, uint position) => (int)(position - stream.ResponseOrigin) > 0;

    private static void LoseResponse(Http2Stream stream)
    {
        LoseResponseSize(stream);
        stream.IsDoubtful = true;
    }

    private static void LoseResponseSize(Http2Stream stream)
    {
        stream.IsResponseSizeLost = true;
        stream.ResponseMessages.Lose();
    }

    private static void LoseSizes(Http2Stream stream)
    {
        stream.IsRequestSizeLost = true;
        stream.RequestMessages.Lose();
        LoseResponseSize(stream);
    }

    private void ForgetStreams()
    {
        foreach (var stream in _streams.Values)
        {
            _protocol.ReturnStream(stream);
        }

        _streams.Clear();
        _streams.TrimExcess(Math.Min(_streams.Capacity, 64));
        _waiting.Clear();
        _lastRequest = _firstRequest = 0;
        _mayHaveMissedRequests = false;
    }
}
