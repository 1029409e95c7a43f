using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Protocols.Http2;
using Beyla.Protocols.Http2.Hpack;
using Beyla.Tracing;

namespace Beyla.Benchmarks;

/// <summary>Frames and headers of HTTP/2: the reading of header blocks alone, and whole exchanges on one connection.</summary>
[MemoryDiagnoser]
public class ReadHttp2
{
    private const int Streams = 100;

    // What a browser sends first: strings by Huffman's code, most of them for the table; then the same by reference.
    private static readonly byte[] FirstRequest = Convert.FromHexString(
        "828684418cf1e3c2e5f23a6ba0ab90f4ff5886a8eb10649cbf408825a849e95ba97d7f8925a849e95bb8e8b4bf");

    private static readonly byte[] NextRequest = [0x82, 0x86, 0x84, 0xc0, 0xbf, 0xbe];

    // :method POST, :scheme http, :path and :authority by reference, content-type application/grpc by reference
    private static readonly byte[] Call = [0x83, 0x86, 0xbe, 0xbf, 0xc0];

    private static readonly byte[] Learn =
    [
        0x83, 0x86, 0x5f, 16, .. "application/grpc"u8, 0x41, 4, .. "shop"u8, 0x44, 20, .. "/shop.v1.Orders/Place"u8[..20],
    ];

    private readonly HpackDecoder _decoder = new(new HeaderFields(keepsQuery: false), new HeaderMemory(new ProtocolCounters(), limit: long.MaxValue));
    private readonly CountingSink _sink = new();
    private readonly TrackedConnection _connection = new ProtocolRegistry().Rent();
    private readonly byte[] _requests;
    private readonly byte[] _responses;
    private readonly byte[] _calls;
    private readonly byte[] _answers;
    private uint _received;
    private uint _sent;
    private uint _stream = 1;

    public ReadHttp2()
    {
        _requests = Repeat(Frame(1, 5, NextRequest));
        _responses = Repeat([.. Frame(1, 4, [0x88]), .. Frame(0, 1, new byte[127])]);
        _calls = Repeat([.. Frame(1, 4, Call), .. Frame(0, 1, [0, 0, 0, 0, 50, .. new byte[50]])]);
        _answers = Repeat([.. Frame(1, 4, [0x88, 0xc0]), .. Frame(0, 0, [0, 0, 0, 0, 20, .. new byte[20]]), .. Frame(1, 5, [0x00, 11, .. "grpc-status"u8, 1, (byte)'0'])]);
        Receive([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, 0, [], stream: false)]);
        Send(Frame(4, 0, [], stream: false));
        byte[] learned = [.. Frame(1, 5, Learn)];
        Number(learned);
        Receive(learned);
        _stream += 2;
    }

    [GlobalSetup(Targets = [nameof(RequestByReference)])]
    public void Fill() => Decode(FirstRequest);

    [Benchmark]
    public void RequestByReference() => Decode(NextRequest);

    [Benchmark]
    public void RequestByHuffman()
    {
        _decoder.Reset();
        Decode(FirstRequest);
    }

    [Benchmark(OperationsPerInvoke = Streams)]
    public void ExchangeOfAHundred() => Run(_requests, _responses);

    [Benchmark(OperationsPerInvoke = Streams)]
    public void CallOfAHundred() => Run(_calls, _answers);

    private static byte[] Frame(byte type, byte flags, ReadOnlySpan<byte> payload, bool stream = true)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        frame[8] = (byte)(stream ? 1 : 0);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    private static byte[] Repeat(byte[] frames) => [.. Enumerable.Repeat(frames, Streams).SelectMany(static frame => frame)];

    private void Decode(byte[] block)
    {
        if (_decoder.Decode(block) != HpackResult.Complete)
        {
            throw new InvalidOperationException("The block was not read.");
        }
    }

    private void Run(byte[] requests, byte[] responses)
    {
        var seen = _sink.Count;
        var after = Number(requests);
        Number(responses);
        Receive(requests);
        Send(responses);
        _stream = after;
        if (_sink.Count != seen + Streams)
        {
            throw new InvalidOperationException("Not every exchange was seen.");
        }
    }

    /// <summary>Writes the numbers of the next streams into the frames, a new one with each that begins with HEADERS behind an end.</summary>
    private uint Number(Span<byte> frames)
    {
        var size = frames.Length / (frames.Length < 1000 ? 1 : Streams);
        var stream = _stream;
        for (var unit = 0; unit < frames.Length; unit += size, stream += 2)
        {
            for (var at = unit; at < unit + size; at += 9 + (BinaryPrimitives.ReadInt32BigEndian(frames[at..]) >> 8))
            {
                BinaryPrimitives.WriteUInt32BigEndian(frames[(at + 5)..], stream);
            }
        }

        return stream;
    }

    private void Receive(byte[] bytes) => Hand(SocketDirection.Received, bytes, ref _received, _sent);

    private void Send(byte[] bytes) => Hand(SocketDirection.Sent, bytes, ref _sent, _received);

    private void Hand(SocketDirection direction, byte[] bytes, ref uint position, uint opposite)
    {
        position += (uint)bytes.Length;
        _connection.OnSegment(
            new SocketSegment
            {
                Direction = direction,
                ProcessId = 1,
                TimeNanoseconds = 1,
                EndPosition = position,
                OppositePosition = opposite,
                Length = (uint)bytes.Length,
                Head = bytes,
                Local = new SocketEndpoint([127, 0, 0, 1], 80),
            },
            _sink);
    }

    private sealed class CountingSink : IExchangeSink
    {
        public long Count { get; private set; }

        public void Emit(Exchange exchange) => Count++;
    }
}
