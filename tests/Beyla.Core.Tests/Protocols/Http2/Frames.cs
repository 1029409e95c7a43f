using System.Buffers.Binary;
using System.Text;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Frames as peers write them.</summary>
internal static class Frames
{
    internal const int Data = 0, Headers = 1, Priority = 2, RstStream = 3, Settings = 4, PushPromise = 5, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    internal const int EndStream = 1, EndHeaders = 4, Padded = 8, HasPriority = 0x20;

    internal static byte[] Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    internal static byte[] EmptySettings => Of(Settings, 0, 0);

    internal static byte[] SettingsAck => Of(Settings, 1, 0);

    internal static byte[] Of(int type, int flags, uint stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length << 8);
        frame[3] = (byte)type;
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    internal static byte[] DataOf(uint stream, string text, bool ends = true) => Of(Data, ends ? EndStream : 0, stream, Encoding.Latin1.GetBytes(text));

    internal static byte[] Reset(uint stream, uint code) => Of(RstStream, 0, stream, [0, 0, 0, (byte)code]);

    internal static byte[] Away(uint lastStream)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(payload, lastStream);
        return Of(GoAway, 0, 0, payload);
    }

    internal static byte[] Window(uint stream) => Of(WindowUpdate, 0, stream, 0, 0, 0x10, 0);

    /// <summary>A message of gRPC before its payload is put into DATA.</summary>
    internal static byte[] Message(int length, bool isCompressed = false)
    {
        var message = new byte[5 + length];
        message[0] = (byte)(isCompressed ? 1 : 0);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), (uint)length);
        message.AsSpan(5).Fill((byte)'m');
        return message;
    }

    internal static byte[] Join(params IEnumerable<byte[]> frames) => [.. frames.SelectMany(frame => frame)];
}
