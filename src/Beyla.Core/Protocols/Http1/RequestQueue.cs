using System.Buffers;

namespace Beyla.Protocols.Http1;

/// <summary>Requests in the order of their responses, with their texts in one pooled buffer.</summary>
/// <param name="keepsQuery">Whether queries are among the texts.</param>
internal sealed class RequestQueue(bool keepsQuery = false)
{
    internal const int Capacity = 256;

    private const int MaxPathBytes = 8 * 1024;
    private const int MaxHostBytes = 256;
    private const int MaxQueryBytes = 8 * 1024;
    private const int FirstTextBytes = 512;

    private PendingRequest[] _requests = new PendingRequest[2];
    private byte[] _text = [];
    private int _textLength;
    private long _first;

    internal int Count { get; private set; }

    internal bool IsFull => Count == Capacity;

    /// <summary>Number that <see cref="Enqueue"/> will give to the next request.</summary>
    internal long NextNumber => _first + Count;

    internal long FirstNumber => _first;

    internal byte[] Text => _text;

    /// <summary>The request whose response is due.</summary>
    internal ref PendingRequest First => ref At(_first);

    internal ref PendingRequest this[int index] => ref At(_first + index);

    /// <summary>Whether the request of this number still waits.</summary>
    internal bool Contains(long number) => number >= _first && number < NextNumber;

    internal ref PendingRequest At(long number) => ref _requests[number & (_requests.Length - 1)];

    /// <summary>Adds a request with copies of its texts; the queue must not be full.</summary>
    internal ref PendingRequest Enqueue(in Http1Head head)
    {
        if (Count == _requests.Length)
        {
            Grow();
        }

        var path = head.Path[..Math.Min(head.Path.Length, MaxPathBytes)];
        var host = head.Host.Length <= MaxHostBytes ? head.Host : default;
        var query = keepsQuery ? QueryOf(head) : default;
        ref var request = ref At(_first + Count);
        Count++;
        request = new PendingRequest
        {
            TextOffset = ReserveText(head.Method.Length + path.Length + host.Length + query.Length),
            MethodLength = (byte)head.Method.Length,
            PathLength = path.Length,
            HostLength = host.Length,
            QueryLength = query.Length,
            PathTruncated = head.PathTruncated || path.Length < head.Path.Length,
            IsHead = head.Method.SequenceEqual("HEAD"u8),
            IsConnect = head.Method.SequenceEqual("CONNECT"u8),
            VersionMinor = head.VersionMinor,
            TraceParent = head.TraceParent,
        };

        var text = _text.AsSpan(request.TextOffset);
        head.Method.CopyTo(text);
        path.CopyTo(text[head.Method.Length..]);
        host.CopyTo(text[(head.Method.Length + path.Length)..]);
        if (!query.IsEmpty)
        {
            query.CopyTo(text[(head.Method.Length + path.Length + host.Length)..]);
        }

        return ref request;
    }

    internal void Dequeue()
    {
        _first++;
        Count--;
        if (Count == 0)
        {
            _textLength = 0;
        }
    }

    /// <summary>Forgets all requests and gives the memory back.</summary>
    internal void Clear()
    {
        _first += Count;
        Count = 0;
        _textLength = 0;
        if (_text.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_text);
            _text = [];
        }
    }

    // Of a query that is too long nothing is kept: a part of it would be taken for the whole.
    private static ReadOnlySpan<byte> QueryOf(in Http1Head head)
    {
        if (head.Query is not [(byte)'?', .. var query])
        {
            return default;
        }

        var fragment = query.IndexOf((byte)'#');
        query = fragment < 0 ? query : query[..fragment];
        return query.Length <= MaxQueryBytes ? query : default;
    }

    private void Grow()
    {
        var larger = new PendingRequest[_requests.Length * 2];
        for (var number = _first; number < NextNumber; number++)
        {
            larger[number & (larger.Length - 1)] = At(number);
        }

        _requests = larger;
    }

    /// <remarks>Called with the new request counted out: only those before it own text.</remarks>
    private int ReserveText(int length)
    {
        if (_textLength + length > _text.Length)
        {
            Compact(length);
        }

        var offset = _textLength;
        _textLength += length;
        return offset;
    }

    private void Compact(int length)
    {
        var owners = Count - 1;
        var start = owners == 0 ? _textLength : First.TextOffset;
        var live = _text.AsSpan(start, _textLength - start);
        var target = _text;
        if (live.Length + length > _text.Length / 2)
        {
            target = ArrayPool<byte>.Shared.Rent(Math.Max(FirstTextBytes, (live.Length + length) * 2));
        }

        live.CopyTo(target);
        if (target != _text && _text.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_text);
        }

        _text = target;
        _textLength = live.Length;
        for (var i = 0; i < owners; i++)
        {
            this[i].TextOffset -= start;
        }
    }
}
