using System.Globalization;
using System.Text;
using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols.Http1;

/// <summary>A conversation that knows what has to be seen of it. The path of an exchange is its number, its status follows from it.</summary>
internal sealed class TrueConversation
{
    private const int FirstStatus = 401;

    private readonly SocketDirection _requests;
    private readonly List<Message> _messages = [];

    internal TrueConversation(SocketDirection requests, IReadOnlyList<TrueExchange> exchanges)
    {
        _requests = requests;
        Exchanges = exchanges;
        var answered = 0;
        for (var i = 0; i < exchanges.Count; i++)
        {
            _messages.Add(RequestOf(i));
            if (exchanges[i].IsPipelined && i + 1 < exchanges.Count)
            {
                continue;
            }

            for (; answered <= i; answered++)
            {
                if (exchanges[answered].HasInterim)
                {
                    _messages.Add(new Message(false, NoExchange, "HTTP/1.1 102 Processing\r\n\r\n"u8.ToArray(), 0));
                }

                _messages.Add(ResponseOf(answered));
            }
        }
    }

    private const int NoExchange = -1;

    internal IReadOnlyList<TrueExchange> Exchanges { get; }

    /// <summary>Bytes of a turn that have to be copied for nothing to be unknown.</summary>
    internal int NeededBudget
    {
        get
        {
            int needed = 0, inTurn = 0;
            bool? last = null;
            foreach (var message in _messages)
            {
                inTurn = last == message.IsRequest ? inTurn : 0;
                last = message.IsRequest;
                needed = Math.Max(needed, inTurn + message.Bytes.Length - message.Opaque);
                inTurn += message.Bytes.Length;
            }

            return needed;
        }
    }

    /// <summary>For messages of failed properties.</summary>
    public override string ToString() => string.Join("; ", Exchanges.Select(exchange =>
        $"{exchange.Method} {exchange.Request} -> {(exchange.HasInterim ? "102, " : "")}{exchange.Response}{(exchange.IsPipelined ? " pipelined" : "")}"));

    internal List<Packet> ToPackets(int seed, int budget)
    {
        var random = new Random(seed);
        var conversation = new Conversation(_requests);
        foreach (var message in _messages)
        {
            _ = message.IsRequest ? conversation.Request(message.Bytes) : conversation.Response(message.Bytes);
        }

        return conversation.ToPackets(budget, length =>
            [0, .. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(1, length)).Where(cut => cut < length).Distinct().Order()]);
    }

    /// <param name="observer">What was seen.</param>
    /// <param name="packets">In the order they were written; <see langword="null"/> when times say nothing.</param>
    internal void CheckExact(Observer observer, List<Packet>? packets)
    {
        Assert.Equal(Exchanges.Count, observer.Exchanges.Count);
        Assert.Equal(0, observer.Counters.LostSync + observer.Counters.Gaps + observer.Counters.UnpairedResponses + observer.Counters.DroppedRequests);
        for (var i = 0; i < Exchanges.Count; i++)
        {
            var (truth, seen) = (Exchanges[i], observer.Exchanges[i]);
            Assert.Equal(_requests == SocketDirection.Received ? SpanKind.Server : SpanKind.Client, seen.Kind);
            Assert.Equal($"{truth.Method} /{i} @h {FirstStatus + i} {truth.Request.Size}/{ResponseSize(truth)} Framed", seen.Summary);
            if (packets is not null)
            {
                CheckTimes(i, seen, packets);
            }
        }
    }

    /// <summary>What was seen may be less than the truth, never other than it.</summary>
    internal void CheckTruthful(Observer observer)
    {
        var last = -1;
        foreach (var seen in observer.Exchanges)
        {
            if (seen.PathTruncated)
            {
                Assert.Contains(Exchanges, exchange => exchange.Method == seen.Method);
                Assert.True(seen.Status is null or >= FirstStatus, seen.Summary);
                continue;
            }

            var digits = seen.Path.AsSpan(1);
            Assert.True(int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number), seen.Summary);
            Assert.True(number > last && number < Exchanges.Count, seen.Summary);
            last = number;
            var truth = Exchanges[number];
            Assert.Equal(truth.Method, seen.Method);
            Assert.True(seen.Status is null ? seen.End == SpanEnd.Aborted : seen.Status == FirstStatus + number, seen.Summary);
            Assert.True(seen.RequestSize is null || seen.RequestSize == truth.Request.Size, seen.Summary);
            Assert.True(seen.ResponseSize is null || seen.ResponseSize == ResponseSize(truth), seen.Summary);
        }
    }

    private void CheckTimes(int number, Seen seen, List<Packet> packets)
    {
        var request = _messages.FindIndex(message => message.IsRequest && message.Number == number);
        var response = _messages.FindIndex(message => !message.IsRequest && message.Number == number);
        Assert.Equal(TimeOf(request, 0, packets), seen.Start);
        Assert.Equal(TimeOf(request, _messages[request].Bytes.Length - 1, packets), seen.RequestEnd);
        Assert.Equal(TimeOf(response, 0, packets), seen.ResponseStart);
        Assert.Equal(TimeOf(response, _messages[response].Bytes.Length - 1, packets), seen.Finish);
    }

    private long TimeOf(int message, int offset, List<Packet> packets)
    {
        var left = _messages.Take(message).Sum(earlier => earlier.Bytes.Length) + offset;
        foreach (var packet in packets)
        {
            left -= (int)packet.Length;
            if (left < 0)
            {
                return packet.Time;
            }
        }

        throw new InvalidOperationException("The packets end before the message.");
    }

    private static long ResponseSize(TrueExchange exchange) => exchange.Method == "HEAD" ? 0 : exchange.Response.Size;

    private Message RequestOf(int number)
    {
        var exchange = Exchanges[number];
        return Message.Of(true, number, $"{exchange.Method} /{number}?q=/lure HTTP/1.1\r\nHost: h\r\n{exchange.Request.Fields}\r\n", exchange.Request);
    }

    private Message ResponseOf(int number)
    {
        var exchange = Exchanges[number];
        var fields = exchange.Response == TrueBody.None ? "Content-Length: 0\r\n" : exchange.Response.Fields;
        return Message.Of(
            false, number, $"HTTP/1.1 {FirstStatus + number} X\r\nServer: s\r\n{fields}\r\n", exchange.Method == "HEAD" ? TrueBody.None : exchange.Response);
    }

    /// <param name="IsRequest">Direction.</param>
    /// <param name="Number">Which exchange.</param>
    /// <param name="Bytes">Head and content.</param>
    /// <param name="Opaque">How many of the last bytes need not be known.</param>
    private sealed record Message(bool IsRequest, int Number, byte[] Bytes, int Opaque)
    {
        internal static Message Of(bool isRequest, int number, string head, TrueBody body) =>
            new(isRequest, number, [.. Encoding.ASCII.GetBytes(head), .. body.Bytes], body.IsChunked ? 0 : body.Bytes.Length);
    }
}
