using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beyla.Capture.Abi;
using Beyla.Native;
using Beyla.Tracing;

namespace Beyla.Capture;

/// <summary>Turns leased ring records into calls of an <see cref="ICaptureHandler"/> without copying them.</summary>
internal readonly struct RecordDecoder(ICaptureHandler handler, RecordCounters counters) : IRingRecordHandler
{
    public void OnRecord(ReadOnlySpan<byte> record)
    {
        counters.Records++;
        if (record.Length >= Unsafe.SizeOf<SocketRecord>() && MemoryMarshal.Read<RecordKind>(record) == RecordKind.Socket)
        {
            OnSocket(in MemoryMarshal.AsRef<SocketRecord>(record), record[Unsafe.SizeOf<SocketRecord>()..]);
        }
        else if (record.Length >= Unsafe.SizeOf<ProcessRecord>() && MemoryMarshal.Read<RecordKind>(record) == RecordKind.Process)
        {
            OnProcess(in MemoryMarshal.AsRef<ProcessRecord>(record));
        }
        else
        {
            counters.Malformed++;
        }
    }

    private void OnSocket(in SocketRecord record, ReadOnlySpan<byte> bytes)
    {
        var time = (long)record.TimeNs;
        switch (record.Event)
        {
            case SocketEvent.Sent:
            case SocketEvent.Received:
                OnBytes(in record, bytes);
                break;
            case SocketEvent.EndOfInput:
                handler.OnEnd(record.Cookie, SocketEnd.EndOfInput, time);
                break;
            case SocketEvent.Shut:
                handler.OnEnd(record.Cookie, SocketEnd.Shut, time);
                break;
            case SocketEvent.Closed:
                handler.OnEnd(record.Cookie, record.Flags.HasFlag(SocketFlags.Reset) ? SocketEnd.Reset : SocketEnd.Closed, time);
                break;
            default:
                counters.Malformed++;
                break;
        }
    }

    private void OnBytes(in SocketRecord record, ReadOnlySpan<byte> bytes)
    {
        var sent = record.Event == SocketEvent.Sent;
        var captured = Math.Min((int)Math.Min(record.Captured, record.Length), bytes.Length);
        var addressBytes = record.Family == AddressFamily.Inet ? 4 : 16;
        ReadOnlySpan<byte> tail = record.Tail;
        handler.OnSegment(record.Cookie, new SocketSegment
        {
            Direction = sent ? SocketDirection.Sent : SocketDirection.Received,
            ProcessId = (int)record.Tgid,
            TimeNanoseconds = (long)record.TimeNs,
            EndPosition = sent ? record.SentPosition : record.ReceivedPosition,
            OppositePosition = sent ? record.ReceivedPosition : record.SentPosition,
            Length = record.Length,
            Head = bytes[..captured],
            Tail = tail[..Math.Min((int)record.TailLength, tail.Length)],
            NoBuffer = record.Flags.HasFlag(SocketFlags.NoBuffer),
            Local = new SocketEndpoint(((ReadOnlySpan<byte>)record.LocalAddress)[..addressBytes], record.LocalPort),
            Remote = new SocketEndpoint(((ReadOnlySpan<byte>)record.RemoteAddress)[..addressBytes], record.RemotePort),
        });
    }

    private void OnProcess(in ProcessRecord record)
    {
        var pid = (int)record.Tgid;
        switch (record.Event)
        {
            case ProcessEvent.Exec:
                ReadOnlySpan<byte> path = record.Path;
                var end = path.IndexOf((byte)0);
                handler.OnExec(pid, (int)record.ParentTgid, end < 0 ? path : path[..end]);
                break;
            case ProcessEvent.Fork:
                handler.OnFork(pid, (int)record.ParentTgid);
                break;
            case ProcessEvent.Exit:
                handler.OnExit(pid);
                break;
            case ProcessEvent.Listen:
                handler.OnListen(pid, record.Port);
                break;
            default:
                counters.Malformed++;
                break;
        }
    }
}
