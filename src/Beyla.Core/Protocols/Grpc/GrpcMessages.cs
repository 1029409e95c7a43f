namespace Beyla.Protocols.Grpc;

/// <summary>
/// Counts the messages of one direction of a call: each has five bytes before it that say its length
/// (PROTOCOL-HTTP2.md, "Length-Prefixed-Message"). Where those bytes were not seen, the count is not known any more.
/// </summary>
internal struct GrpcMessages
{
    private const int PrefixBytes = 5; // a flag for compression and a length
    private const byte CompressedFlag = 1;

    private int _prefix;
    private uint _length;
    private uint _left;
    private bool _isLost;
    private long _count;
    private long _bytes;

    /// <summary>Messages that began; <see langword="null"/> when not known.</summary>
    internal readonly long? Count => _isLost ? null : _count;

    /// <summary>Their bytes as sent, compressed or not, without the prefixes; <see langword="null"/> when not known.</summary>
    internal readonly long? Bytes => _isLost ? null : _bytes;

    /// <summary>
    /// Whether the bytes are whole messages, at least one, and nothing else. Five bytes that say exactly how much follows do not
    /// come about by chance: so a call is known where its headers are not.
    /// </summary>
    internal readonly bool AreWhole => !_isLost && _count > 0 && _prefix == 0 && _left == 0;

    /// <summary>Nothing that follows can be counted.</summary>
    internal void Lose() => _isLost = true;

    /// <summary>The direction ended as it should: a message that is not whole by now was none.</summary>
    internal void End() => _isLost |= _prefix != 0 || _left != 0;

    internal void Pass(ReadOnlySpan<byte> known)
    {
        while (!known.IsEmpty && !_isLost)
        {
            if (_left > 0)
            {
                var count = Math.Min(_left, (uint)known.Length);
                _left -= count;
                known = known[(int)count..];
                continue;
            }

            if (_prefix > 0)
            {
                _length = (_length << 8) | known[0];
            }
            else if (known[0] > CompressedFlag)
            {
                _isLost = true; // no message of gRPC
                return;
            }

            known = known[1..];
            if (++_prefix == PrefixBytes)
            {
                _count++;
                _bytes += _length;
                _left = _length;
                _length = 0;
                _prefix = 0;
            }
        }
    }

    internal void PassUnknown(uint bytes)
    {
        if (bytes > _left)
        {
            _isLost = true;
        }

        _left -= Math.Min(_left, bytes);
    }
}
