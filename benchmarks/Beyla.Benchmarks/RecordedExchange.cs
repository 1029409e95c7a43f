using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Beyla.Capture.Abi;

namespace Beyla.Benchmarks;

/// <summary>Ring records of keep-alive exchanges, byte for byte as the kernel lays them out.</summary>
internal static class RecordedExchange
{
    public const int ProcessId = 4711;

    private static uint[] PassSent = [];
    private static uint[] PassReceived = [];

    private const string Response =
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 13:49:04 GMT\r\nContent-Type: text/plain\r\nContent-Length: 127\r\nConnection: keep-alive\r\n\r\n";

    /// <summary>Two records an exchange, spread over connections; positions are right for one pass and for repeated ones.</summary>
    public static byte[][] Make(int exchanges, int connections, int paths)
    {
        var records = new byte[exchanges * 2][];
        var sent = new uint[connections];
        var received = new uint[connections];
        var body = new string('x', 127);
        for (var i = 0; i < exchanges; i++)
        {
            var connection = i % connections;
            var request = Encoding.ASCII.GetBytes($"GET /user/{i % paths}/info HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: wrk/4.1.0\r\nAccept: */*\r\n\r\n");
            var response = Encoding.ASCII.GetBytes(Response + body);
            received[connection] += (uint)request.Length;
            records[2 * i] = Record(SocketEvent.Received, connection, sent[connection], received[connection], request, i * 100_000L);
            sent[connection] += (uint)response.Length;
            records[(2 * i) + 1] = Record(SocketEvent.Sent, connection, sent[connection], received[connection], response, (i * 100_000L) + 50_000);
        }

        PassSent = sent;
        PassReceived = received;
        return records;
    }

    /// <summary>Moves a record on by what one pass over all records moves its connection, so that passes follow one another.</summary>
    public static void Advance(Span<byte> record)
    {
        ref var header = ref MemoryMarshal.AsRef<SocketRecord>(record);
        header.SentPosition += PassSent[(int)header.Cookie - 1];
        header.ReceivedPosition += PassReceived[(int)header.Cookie - 1];
    }

    private static byte[] Record(SocketEvent kind, int connection, uint sent, uint received, byte[] bytes, long time)
    {
        var record = new SocketRecord
        {
            Kind = RecordKind.Socket,
            Tgid = ProcessId,
            TimeNs = (ulong)time,
            Cookie = (ulong)connection + 1,
            SentPosition = sent,
            ReceivedPosition = received,
            Length = (uint)bytes.Length,
            Captured = (uint)bytes.Length,
            Event = kind,
            Family = AddressFamily.Inet,
            LocalPort = 8080,
            RemotePort = (ushort)(40000 + connection),
        };
        var all = new byte[Unsafe.SizeOf<SocketRecord>() + bytes.Length];
        MemoryMarshal.Write(all, in record);
        bytes.CopyTo(all.AsSpan(Unsafe.SizeOf<SocketRecord>()));
        return all;
    }
}
