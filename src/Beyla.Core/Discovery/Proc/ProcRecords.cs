namespace Beyla.Discovery.Proc;

/// <summary>The records of a <see cref="ProcFile"/> that a byte ends (lines, NUL-terminated text), up to a bound of bytes. One that is longer than the buffer is skipped.</summary>
internal ref struct ProcRecords(ProcFile file, Span<byte> buffer, byte delimiter, long maxBytes)
{
    private readonly ProcFile _file = file;
    private readonly Span<byte> _buffer = buffer;
    private readonly byte _delimiter = delimiter;
    private long _budget = maxBytes;
    private int _start;
    private int _end;
    private bool _skipping;

    /// <param name="record">Without its end; valid until the next call.</param>
    internal bool TryRead(out ReadOnlySpan<byte> record)
    {
        while (true)
        {
            var rest = _buffer[_start.._end];
            var length = rest.IndexOf(_delimiter);
            if (length >= 0)
            {
                _start += length + 1;
                if (!_skipping)
                {
                    record = rest[..length];
                    return true;
                }

                _skipping = false;
            }
            else if (!TryFill())
            {
                _start = _end;
                record = rest;
                return !rest.IsEmpty && !_skipping;
            }
        }
    }

    private bool TryFill()
    {
        if (_start > 0)
        {
            _buffer[_start.._end].CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            _skipping = true;
            _end = 0;
        }

        var room = _buffer[_end..];
        var count = _file.Read(room[..(int)Math.Min(room.Length, _budget)]);
        _budget -= count;
        _end += count;
        return count > 0;
    }
}
