using Beyla.Capture;
using Beyla.Tracing;
using static Beyla.Core.Tests.Protocols.Http2.Frames;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Streams on one connection, at once and in any order that the protocol allows, and what has to be seen of them. The path of a stream is its number.</summary>
internal sealed class TrueConnection
{
    private readonly SocketDirection _requests;
    private readonly IReadOnlyList<TrueStream> _streams;
    private readonly Random _random;
    private readonly HpackModel _requestHeaders;
    private readonly HpackModel _responseHeaders;
    private readonly List<(bool IsRequest, byte[] Bytes, bool[] IsWanted)> _writes = [];

    internal TrueConnection(SocketDirection requests, IReadOnlyList<TrueStream> streams, int seed)
    {
        _requests = requests;
        _streams = streams;
        _random = new Random(seed);
        _requestHeaders = new HpackModel(_random);
        _responseHeaders = new HpackModel(_random);
        Write(true, Join(Preface, EmptySettings));
        Write(false, EmptySettings);
        Write(true, SettingsAck);
        Interleave();
    }

    public override string ToString() => string.Join("; ", _streams);

    internal static int IdOf(int index) => (2 * index) + 1;

    /// <param name="seed">Decides where I/Os are cut.</param>
    /// <param name="isElided">Whether the kernel leaves content out.</param>
    internal List<Packet> ToPackets(int seed, bool isElided)
    {
        var random = new Random(seed);
        var packetizer = new FramePackets(_requests);
        foreach (var (isRequest, bytes, isWanted) in _writes)
        {
            var cuts = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, bytes.Length + 1)).Where(cut => cut < bytes.Length);
            packetizer.Add(isRequest, bytes, isElided ? isWanted : null, [0, .. cuts.Distinct().Order()]);
        }

        return packetizer.Packets;
    }

    /// <summary>Every stream was seen once and as it was.</summary>
    internal void CheckExact(Observer observer, bool isElided)
    {
        var http = observer.Exchanges.ToLookup(seen => seen.Path);
        var calls = observer.Calls.ToLookup(seen => seen.Path);
        Assert.Equal(_streams.Count(stream => !stream.IsCall), observer.Exchanges.Count);
        Assert.Equal(_streams.Count(stream => stream.IsCall), observer.Calls.Count);
        for (var i = 0; i < _streams.Count; i++)
        {
            var stream = _streams[i];
            if (!stream.IsCall)
            {
                var seen = Assert.Single(http[$"/{IdOf(i)}"]);
                Assert.Equal((stream.Method, "h", _requests == SocketDirection.Received ? SpanKind.Server : SpanKind.Client), (seen.Method, seen.Host, seen.Kind));
                if (stream.End == TrueEnd.Whole)
                {
                    Assert.Equal(
                        (stream.Status, stream.Request.Sum(), stream.Response.Sum(), SpanEnd.Framed), (seen.Status, seen.RequestSize, seen.ResponseSize, seen.End));
                }

                Assert.Equal(stream.End == TrueEnd.Whole ? SpanEnd.Framed : SpanEnd.Aborted, seen.End);
                continue;
            }

            var call = Assert.Single(calls[$"/{IdOf(i)}"]);
            Assert.Equal(stream.End switch { TrueEnd.Whole => stream.GrpcStatus, TrueEnd.ResetByClient => 1, _ => 13 }, call.Status);
            if (stream.End == TrueEnd.Whole && (!isElided || call.RequestMessages is not null))
            {
                Assert.Equal(((long?)stream.Request.Length, (long?)stream.Request.Sum()), (call.RequestMessages, call.RequestBytes));
            }

            if (stream.End == TrueEnd.Whole && (!isElided || call.ResponseMessages is not null))
            {
                Assert.Equal(((long?)stream.Response.Length, (long?)stream.Response.Sum()), (call.ResponseMessages, call.ResponseBytes));
            }
        }

        Assert.Equal(0, observer.Counters.Malformed);
        Assert.Equal(0, observer.Counters.LostSync);
        Assert.Equal(0, observer.Counters.UnpairedResponses);
        Assert.Equal(0, observer.Counters.DroppedRequests);
    }

    /// <summary>Whatever was seen is true as far as it is known, and nothing was seen twice.</summary>
    internal void CheckTruthful(Observer observer)
    {
        Assert.True(observer.Exchanges.Count + observer.Calls.Count <= _streams.Count);
        var paths = observer.Exchanges.Select(seen => seen.Path).Concat(observer.Calls.Select(seen => seen.Path)).Where(path => !string.IsNullOrEmpty(path)).ToList();
        Assert.Equal(paths.Count, paths.Distinct().Count());
        foreach (var seen in observer.Exchanges)
        {
            Assert.True(_streams.Where((stream, i) => (seen.Path ?? $"/{IdOf(i)}") == $"/{IdOf(i)}").Any(stream => IsTrue(seen, stream)), seen.Summary);
            Assert.Equal(_requests == SocketDirection.Received ? SpanKind.Server : SpanKind.Client, seen.Kind);
        }

        foreach (var seen in observer.Calls)
        {
            Assert.True(_streams.Where((stream, i) => stream.IsCall && (seen.Path.Length == 0 || seen.Path == $"/{IdOf(i)}")).Any(stream => IsTrue(seen, stream)), seen.Summary);
        }
    }

    private static bool IsTrue(Seen seen, TrueStream stream) =>
        (seen.Method.Length == 0 || seen.Method == (stream.IsCall ? "POST" : stream.Method))
        && (seen.Host.Length == 0 || seen.Host == "h")
        && (seen.Status is null || seen.Status == (stream.IsCall ? 200 : stream.Status))
        && (seen.End != SpanEnd.Framed || seen.RequestSize is null || seen.RequestSize == ContentOf(stream.Request, stream.IsCall))
        && (seen.End != SpanEnd.Framed || seen.ResponseSize is null || seen.ResponseSize == ContentOf(stream.Response, stream.IsCall));

    private static bool IsTrue(SeenCall seen, TrueStream stream) =>
        (seen.Host.Length == 0 || seen.Host == "h")
        && (seen.HttpStatus is null or 200)
        && (seen.Status is null || seen.Status == (seen.End == SpanEnd.Aborted ? stream.End == TrueEnd.ResetByClient ? 1 : 13 : stream.GrpcStatus))
        && (seen.End != SpanEnd.Framed || seen.RequestMessages is null || (seen.RequestMessages == stream.Request.Length && seen.RequestBytes == stream.Request.Sum()))
        && (seen.End != SpanEnd.Framed || seen.ResponseMessages is null || (seen.ResponseMessages == stream.Response.Length && seen.ResponseBytes == stream.Response.Sum()));

    private static int ContentOf(int[] pieces, bool isCall) => pieces.Sum(piece => piece + (isCall ? 5 : 0));

    /// <summary>Steps of all streams, each stream's in their order, a stream's response behind its request's head.</summary>
    private void Interleave()
    {
        var running = new List<IEnumerator<bool>>();
        var next = 0;
        while (next < _streams.Count || running.Count > 0)
        {
            if (next < _streams.Count && (running.Count == 0 || _random.Next(2) == 0))
            {
                running.Add(Steps((uint)IdOf(next), _streams[next]).GetEnumerator());
                next++;
                running[^1].MoveNext(); // streams begin in the order of their numbers
                continue;
            }

            var at = _random.Next(running.Count);
            if (!running[at].MoveNext())
            {
                running.RemoveAt(at);
            }

            if (_random.Next(8) == 0)
            {
                Write(_random.Next(2) == 0, Window(0));
            }
        }
    }

    private IEnumerable<bool> Steps(uint id, TrueStream stream)
    {
        var endsWithHead = stream.Request.Length == 0 && !stream.IsCall;
        var type = stream.IsCall ? [("content-type", "application/grpc"), ("te", "trailers")] : Array.Empty<(string, string)>();
        WriteBlock(true, id, endsWithHead, _requestHeaders.Encode([(":method", stream.IsCall ? "POST" : stream.Method), (":scheme", "http"), (":path", $"/{id}"), (":authority", "h"), ("x-id", $"{id}"), .. type]));
        yield return true;
        for (var i = 0; i < stream.Request.Length; i++)
        {
            WriteData(true, id, Piece(stream, stream.Request[i]), ends: i == stream.Request.Length - 1);
            yield return true;
        }

        if (stream.IsCall && stream.Request.Length == 0)
        {
            WriteData(true, id, [], ends: true);
            yield return true;
        }

        if (stream.HasInterim)
        {
            WriteBlock(false, id, ends: false, _responseHeaders.Encode([(":status", "103"), ("link", "<x>")]));
            yield return true;
        }

        var hasEnd = stream.IsCall || stream.HasTrailers || stream.End != TrueEnd.Whole;
        WriteBlock(false, id, !hasEnd && stream.Response.Length == 0, _responseHeaders.Encode([(":status", stream.IsCall ? "200" : $"{stream.Status}"), ("content-type", stream.IsCall ? "application/grpc" : "text/plain"), ("date", "now")]));
        yield return true;
        for (var i = 0; i < stream.Response.Length; i++)
        {
            WriteData(false, id, Piece(stream, stream.Response[i]), ends: !hasEnd && i == stream.Response.Length - 1);
            yield return true;
        }

        if (stream.End != TrueEnd.Whole)
        {
            Write(stream.End == TrueEnd.ResetByClient, Reset(id, stream.End == TrueEnd.ResetByClient ? 8u : 2u));
        }
        else if (hasEnd)
        {
            WriteBlock(false, id, ends: true, _responseHeaders.Encode(stream.IsCall ? [("grpc-status", $"{stream.GrpcStatus}"), ("grpc-message", "")] : [("x-checksum", "1")]));
        }
    }

    private static byte[] Piece(TrueStream stream, int length) => stream.IsCall ? Message(length) : [.. Enumerable.Repeat((byte)'d', length)];

    private void WriteBlock(bool isRequest, uint id, bool ends, byte[] block)
    {
        var parts = _random.Next(5) == 0 ? block.Chunk(Math.Max(1, block.Length / 3)).ToArray() : [block];
        var frames = parts.Select((part, i) => i == 0 && _random.Next(4) == 0
            ? Of(Headers, (ends ? EndStream : 0) | (parts.Length == 1 ? EndHeaders : 0) | Padded | HasPriority, id, [2, 0, 0, 0, 0, 1, .. part, 0, 0])
            : Of(i == 0 ? Headers : Continuation, (i == 0 && ends ? EndStream : 0) | (i == parts.Length - 1 ? EndHeaders : 0), id, part));
        Write(isRequest, Join(frames));
    }

    /// <summary>Content in one or more frames; the kernel copies the first bytes of each and leaves the rest out.</summary>
    private void WriteData(bool isRequest, uint id, byte[] content, bool ends)
    {
        const int copied = 9 + 16;
        var parts = content.Length > 1 && _random.Next(4) == 0 ? content.Chunk((content.Length / 2) + 1).ToArray() : [content];
        for (var i = 0; i < parts.Length; i++)
        {
            var isLast = ends && i == parts.Length - 1;
            var frame = _random.Next(5) == 0
                ? Of(Data, (isLast ? EndStream : 0) | Padded, id, [3, .. parts[i], 0, 0, 0])
                : Of(Data, isLast ? EndStream : 0, id, parts[i]);
            var isWanted = frame.Select((_, at) => at < copied).ToArray();
            if (isLast)
            {
                // Not wanted for what it is, but its arrival must be reported.
                isWanted[^1] = true;
            }

            Write(isRequest, frame, isWanted);
        }
    }

    private void Write(bool isRequest, byte[] bytes, bool[]? isWanted = null)
    {
        isWanted ??= [.. Enumerable.Repeat(true, bytes.Length)];
        if (_writes.Count > 0 && _writes[^1].IsRequest == isRequest && _random.Next(2) == 0)
        {
            var last = _writes[^1];
            _writes[^1] = (isRequest, [.. last.Bytes, .. bytes], [.. last.IsWanted, .. isWanted]);
            return;
        }

        _writes.Add((isRequest, bytes, isWanted));
    }
}
