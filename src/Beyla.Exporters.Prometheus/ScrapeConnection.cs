using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Beyla.Exporters.Prometheus;

/// <summary>One connection of a scraper: request after request, each bounded in size and time.</summary>
internal sealed class ScrapeConnection(Socket socket, Func<RequestHead, MetricsResponse> answer, TimeProvider timeProvider) : IDisposable
{
    private const int MaxHeadBytes = 8 * 1024;
    private const int EmptyLineBytes = 4;
    private const int TooLong = 0;
    private const int EndOfConnection = -1;

    // What a client may still be sending after the last answer; closing with it unread could destroy the answer on its way.
    private const int MaxRestBytes = 64 * 1024;

    // Between requests: longer than any usual scrape interval, so that a scraper keeps its connection.
    internal static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(3);

    internal static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RestTimeout = TimeSpan.FromSeconds(2);

    // Prometheus gives up after its scrape_timeout, 10 s by default.
    internal static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(MaxHeadBytes);
    private int _count;
    private bool _hasAnswered;

    public void Dispose()
    {
        _stream.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Answers until the client or the time is at its end.</summary>
    /// <exception cref="IOException">The client went away inside a request or an answer.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or <paramref name="stop"/> was cancelled.</exception>
    internal async Task RunAsync(CancellationToken stop)
    {
        socket.NoDelay = true;
        bool keepsAlive;
        do
        {
            var length = await ReadHeadAsync(stop).ConfigureAwait(false);
            if (length == EndOfConnection)
            {
                return;
            }

            keepsAlive = await AnswerAsync(length, stop).ConfigureAwait(false);
        }
        while (keepsAlive);
        socket.Shutdown(SocketShutdown.Send);
        await ReadRestAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Refuses whatever the client will ask.</summary>
    internal async Task RefuseAsync(CancellationToken stop)
    {
        await RefuseAsync(HttpStatusCode.ServiceUnavailable, stop).ConfigureAwait(false);
        socket.Shutdown(SocketShutdown.Send);
        await ReadRestAsync(stop).ConfigureAwait(false);
    }

    /// <returns>Bytes of the head with its empty line, <see cref="TooLong"/> or <see cref="EndOfConnection"/>.</returns>
    private async Task<int> ReadHeadAsync(CancellationToken stop)
    {
        // Who connects without asking for anything is to keep nobody out for long.
        using var limit = new TimeLimit(_hasAnswered && _count == 0 ? IdleTimeout : HeadTimeout, timeProvider, stop);
        while (true)
        {
            SkipEmptyLines();
            var end = _buffer.AsSpan(0, _count).IndexOf("\r\n\r\n"u8);
            if (end >= 0 || _count == MaxHeadBytes)
            {
                return end >= 0 ? end + EmptyLineBytes : TooLong;
            }

            var isFirst = _count == 0;
            var count = await _stream.ReadAsync(_buffer.AsMemory(_count, MaxHeadBytes - _count), limit.Token).ConfigureAwait(false);
            if (count == 0)
            {
                return EndOfConnection;
            }

            _count += count;
            if (isFirst)
            {
                limit.Restart(HeadTimeout);
            }
        }
    }

    // A habit of some clients before a request (RFC 9112 §2.2).
    private void SkipEmptyLines() => Remove(_count - _buffer.AsSpan(0, _count).TrimStart("\r\n"u8).Length);

    private void Remove(int length)
    {
        _count -= length;
        _buffer.AsSpan(length, _count).CopyTo(_buffer);
    }

    private async Task<bool> AnswerAsync(int length, CancellationToken stop)
    {
        if (length == TooLong)
        {
            await RefuseAsync(HttpStatusCode.RequestHeaderFieldsTooLarge, stop).ConfigureAwait(false);
            return false;
        }

        var request = RequestHead.Parse(_buffer.AsSpan(0, length - EmptyLineBytes));
        if (request is null)
        {
            await RefuseAsync(HttpStatusCode.BadRequest, stop).ConfigureAwait(false);
            return false;
        }

        Remove(length);
        using var response = answer(request);
        using var limit = new TimeLimit(SendTimeout, timeProvider, stop);
        await response.SendAsync(_stream, withContent: request.Method != "HEAD", request.KeepsAlive, limit.Token).ConfigureAwait(false);
        _hasAnswered = true;
        return request.KeepsAlive;
    }

    private async Task RefuseAsync(HttpStatusCode status, CancellationToken stop)
    {
        using var response = MetricsResponse.Refusal(status);
        using var limit = new TimeLimit(SendTimeout, timeProvider, stop);
        await response.SendAsync(_stream, withContent: true, keepsAlive: false, limit.Token).ConfigureAwait(false);
    }

    private async Task ReadRestAsync(CancellationToken stop)
    {
        using var limit = new TimeLimit(RestTimeout, timeProvider, stop);
        var rest = MaxRestBytes;
        while (rest > 0)
        {
            var count = await _stream.ReadAsync(_buffer, limit.Token).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            rest -= count;
        }
    }
}
