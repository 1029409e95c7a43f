using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Beyla.Capture.Abi;
using Beyla.Native;

namespace Beyla.Capture;

/// <summary>Turns leased ring records into calls of an <see cref="ICaptureHandler"/> without copying them.</summary>
internal readonly struct RecordDecoder(ICaptureHandler handler, RecordCounters counters) : IRingRecordHandler
{
    public void OnRecord(ReadOnlySpan<byte> record)
    {
        counters.Records++;
        counters.Bytes += record.Length;
        switch (record.Length < sizeof(RecordKind) ? RecordKind.None : MemoryMarshal.Read<RecordKind>(record))
        {
            case RecordKind.Socket when record.Length >= Unsafe.SizeOf<SocketRecord>():
                OnSocket(in MemoryMarshal.AsRef<SocketRecord>(record), record[Unsafe.SizeOf<SocketRecord>()..]);
                break;
            case RecordKind.Plaintext when record.Length >= Unsafe.SizeOf<PlaintextRecord>():
                OnPlaintext(in MemoryMarshal.AsRef<PlaintextRecord>(record), record[Unsafe.SizeOf<PlaintextRecord>()..]);
                break;
            case RecordKind.Ciphertext when record.Length >= Unsafe.SizeOf<CiphertextRecord>():
                OnCiphertext(in MemoryMarshal.AsRef<CiphertextRecord>(record));
                break;
            case RecordKind.Process when record.Length >= Unsafe.SizeOf<ProcessRecord>():
                OnProcess(in MemoryMarshal.AsRef<ProcessRecord>(record));
                break;
            default:
                counters.Malformed++;
                break;
        }
    }

    private void OnSocket(in SocketRecord record, ReadOnlySpan<byte> bytes)
    {
        var time = (long)record.TimeNs;
        switch (record.Event)
        {
            case SocketEvent.Sent:
            case SocketEvent.Received:
                var segments = new RecordSegments(in record, bytes);
                while (segments.TryRead(out var segment))
                {
                    handler.OnSegment(record.Cookie, in segment);
                }

                counters.Malformed += segments.IsMalformed ? 1 : 0;
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

    private void OnPlaintext(in PlaintextRecord record, ReadOnlySpan<byte> bytes)
    {
        switch (record.Io.Event)
        {
            case SocketEvent.Sent:
            case SocketEvent.Received:
                var origin = new PlaintextOrigin { Socket = record.Socket, Random = record.Random };
                var segments = new RecordSegments(in record.Io, bytes);
                while (segments.TryRead(out var segment))
                {
                    handler.OnPlaintext(record.Io.Cookie, in origin, segment with { BeganNanoseconds = (long)record.BeganNs });
                }

                counters.Malformed += segments.IsMalformed ? 1 : 0;
                break;
            case SocketEvent.EndOfInput:
                handler.OnSessionEnd(record.Io.Cookie, SocketEnd.EndOfInput, (long)record.Io.TimeNs);
                break;
            case SocketEvent.Closed:
                handler.OnSessionEnd(record.Io.Cookie, SocketEnd.Closed, (long)record.Io.TimeNs);
                break;
            default:
                counters.Malformed++;
                break;
        }
    }

    private void OnCiphertext(in CiphertextRecord record)
    {
        ReadOnlySpan<byte> bytes = record.Bytes;
        var direction = record.Received != 0 ? SocketDirection.Received : SocketDirection.Sent;
        handler.OnCiphertext(
            record.Session, (int)record.Tgid, direction, bytes[..(int)Math.Min(record.Length, (uint)bytes.Length)], (long)record.TimeNs);
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
