using System.Globalization;
using System.Text;

namespace Beyla.IntegrationTests.Load;

/// <summary>Reads the responses of one connection one after the other; bytes read too far belong to the next.</summary>
internal sealed class ResponseReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    public async Task<ResponseHead> ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8);
            if (length >= 0)
            {
                var head = ResponseHead.Parse(_buffer.AsSpan(_start, length));
                _start += length + 4;
                return head;
            }

            if (!await FillAsync(cancellationToken))
            {
                throw new EndOfStreamException($"The connection ended inside a head, after {_end - _start} bytes of it.");
            }
        }
    }

    /// <summary>Reads content to its end, or until at least <paramref name="enough"/> bytes of it are there.</summary>
    /// <returns>Content bytes without framing.</returns>
    public async Task<long> ReadContentAsync(ResponseHead head, bool none, long enough, CancellationToken cancellationToken)
    {
        if (none)
        {
            return 0;
        }

        if (head.Chunked)
        {
            return await ReadChunksAsync(enough, cancellationToken);
        }

        if (head.ContentLength is { } length)
        {
            return await SkipAsync(Math.Min(length, enough), cancellationToken);
        }

        return await ReadToEndAsync(enough, cancellationToken);
    }

    private async Task<long> ReadChunksAsync(long enough, CancellationToken cancellationToken)
    {
        long content = 0;
        while (content < enough)
        {
            var size = long.Parse((await ReadLineAsync(cancellationToken)).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                while ((await ReadLineAsync(cancellationToken)).Length != 0)
                {
                }

                break;
            }

            content += await SkipAsync(size, cancellationToken);
            await ReadLineAsync(cancellationToken);
        }

        return content;
    }

    private async Task<long> ReadToEndAsync(long enough, CancellationToken cancellationToken)
    {
        long content = 0;
        while (content < enough)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                break;
            }

            content += _end - _start;
            _start = _end;
        }

        return content;
    }

    private async Task<long> SkipAsync(long count, CancellationToken cancellationToken)
    {
        for (var left = count; left > 0;)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                throw new EndOfStreamException($"The connection ended {left} bytes before the content's end.");
            }

            var taken = (int)Math.Min(left, _end - _start);
            _start += taken;
            left -= taken;
        }

        return count;
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.ASCII.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            if (!await FillAsync(cancellationToken))
            {
                throw new EndOfStreamException("The connection ended inside a chunk's framing.");
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        return read > 0;
    }
}
