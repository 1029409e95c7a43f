namespace Beyla.Protocols.Http1;

/// <summary>
/// Follows a chunked body (RFC 9112 §7.1) of which the content was mostly not copied: the content is skipped by position,
/// the lines between must be known. Once one of them is not, only the terminator at the end of a segment is looked for.
/// </summary>
internal struct ChunkedDecoder
{
    private const int MaxSizeDigits = 15;

    private State _state;
    private int _digits;
    private long _remaining;
    private bool _inTrailer;

    private enum State : byte
    {
        Size,
        Extension,
        Content,
        ContentEnd,
        TrailerStart,
        Trailer,
        Done,
        Lost,
    }

    /// <summary>Content bytes passed so far.</summary>
    internal long ContentBytes { get; private set; }

    internal readonly bool IsDone => _state == State.Done;

    /// <summary>Whether a line of the framing was not seen: <see cref="ContentBytes"/> means nothing and the end is a likely one.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Moves <paramref name="cursor"/> to the segment's end or behind the body's last byte.</summary>
    internal void Advance(ref SegmentCursor cursor)
    {
        var begin = cursor.Offset;
        while (!cursor.IsAtEnd && _state != State.Done)
        {
            if (_state == State.Content)
            {
                SkipContent(ref cursor);
                continue;
            }

            var known = cursor.Known;
            if (known.IsEmpty)
            {
                Lose();
            }

            if (_state == State.Lost)
            {
                FindTerminator(ref cursor, begin);
                return;
            }

            cursor.Advance(ReadLines(known));
        }
    }

    /// <summary>Passes over bytes that were never handed over, if they are content for certain.</summary>
    internal bool TrySkip(uint bytes)
    {
        if (_state == State.Lost)
        {
            return true;
        }

        if (_state != State.Content || _remaining < bytes)
        {
            return false;
        }

        Pass(bytes);
        return true;
    }

    private void SkipContent(ref SegmentCursor cursor)
    {
        var count = (uint)Math.Min(_remaining, cursor.Remaining);
        cursor.Offset += count;
        Pass(count);
    }

    private void Pass(uint count)
    {
        ContentBytes += count;
        _remaining -= count;
        if (_remaining == 0)
        {
            _state = State.ContentEnd;
        }
    }

    /// <returns>Bytes consumed: up to content, to the body's end, to nonsense or to the end of <paramref name="known"/>.</returns>
    private int ReadLines(ReadOnlySpan<byte> known)
    {
        var at = 0;
        while (at < known.Length && _state is not (State.Content or State.Done or State.Lost))
        {
            if (_state is State.Extension or State.Trailer)
            {
                var lineFeed = known[at..].IndexOf((byte)'\n');
                if (lineFeed < 0)
                {
                    return known.Length;
                }

                at += lineFeed;
            }

            Read(known[at++]);
        }

        return at;
    }

    private void Read(byte value)
    {
        switch (_state)
        {
            case State.Size when char.IsAsciiHexDigit((char)value) && _digits < MaxSizeDigits:
                _remaining = (_remaining << 4) | (uint)((value & 0xf) + (value > '9' ? 9 : 0));
                _digits++;
                break;
            case State.Size when _digits > 0 && value is (byte)';' or (byte)' ' or (byte)'\t' or (byte)'\r':
                _state = State.Extension;
                break;
            case State.Size when _digits > 0 && value == '\n':
            case State.Extension:
                _digits = 0;
                _inTrailer = _remaining == 0;
                _state = _inTrailer ? State.TrailerStart : State.Content;
                break;
            case State.ContentEnd when value == '\n':
                _state = State.Size;
                break;
            case State.ContentEnd when value == '\r':
            case State.TrailerStart when value == '\r':
                break;
            case State.TrailerStart:
                _state = value == '\n' ? State.Done : State.Trailer;
                break;
            case State.Trailer:
                _state = State.TrailerStart;
                break;
            default:
                Lose();
                break;
        }
    }

    private void Lose()
    {
        _state = State.Lost;
        IsLost = true;
    }

    private void FindTerminator(ref SegmentCursor cursor, uint begin)
    {
        var last = cursor.Last;
        var isWhole = last.Length == cursor.Length - begin;
        cursor.SkipToEnd();
        if (last.EndsWith(_inTrailer ? "\r\n\r\n"u8 : "\r\n0\r\n\r\n"u8) || (isWhole && last.SequenceEqual("0\r\n\r\n"u8)))
        {
            _state = State.Done;
        }
    }
}
