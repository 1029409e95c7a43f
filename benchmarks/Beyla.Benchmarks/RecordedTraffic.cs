using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Beyla.Capture.Abi;

namespace Beyla.Benchmarks;

/// <summary>Ring records of keep-alive exchanges, byte for byte as the kernel lays them out: two an exchange, spread over connections.</summary>
internal sealed class RecordedTraffic
{
    public const int ProcessId = 4711;

    private const string ResponseHead =
        "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 13:49:04 GMT\r\nContent-Type: text/plain\r\nContent-Length: 127\r\nConnection: keep-alive\r\n\r\n";

    private readonly byte[][] _records;
    private readonly uint[] _sent;
    private readonly uint[] _received;

    public RecordedTraffic(int exchanges, int connections, int paths)
    {
        _records = new byte[exchanges * 2][];
        _sent = new uint[connections];
        _received = new uint[connections];
        var response = Encoding.ASCII.GetBytes(ResponseHead + new string('x', 127));
        for (var i = 0; i < exchanges; i++)
        {
            var connection = i % connections;
            var request = Encoding.ASCII.GetBytes($"GET /user/{i % paths}/info HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: wrk/4.1.0\r\nAccept: */*\r\n\r\n");
            _received[connection] += (uint)request.Length;
            _records[2 * i] = Record(SocketEvent.Received, connection, request, i * 100_000L);
            _sent[connection] += (uint)response.Length;
            _records[(2 * i) + 1] = Record(SocketEvent.Sent, connection, response, (i * 100_000L) + 50_000);
        }
    }

    public ReadOnlySpan<byte[]> Records => _records;

    /// <summary>Moves a record on by what one pass over all records moves its connection, so that passes follow one another.</summary>
    public void Advance(Span<byte> record)
    {
        ref var header = ref MemoryMarshal.AsRef<SocketRecord>(record);
        header.SentPosition += _sent[(int)header.Cookie - 1];
        header.ReceivedPosition += _received[(int)header.Cookie - 1];
    }

    private byte[] Record(SocketEvent kind, int connection, byte[] bytes, long time)
    {
        var record = new SocketRecord
        {
            Kind = RecordKind.Socket,
            Tgid = ProcessId,
            TimeNs = (ulong)time,
            Cookie = (ulong)connection + 1,
            SentPosition = _sent[connection],
            ReceivedPosition = _received[connection],
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
