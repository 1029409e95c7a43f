using System.Text;
using Beyla.Protocols.Http2;
using static Beyla.Core.Tests.Protocols.Http2.Frames;

namespace Beyla.Core.Tests.Protocols.Http2;

public sealed class FrameHeaderTests
{
    public static TheoryData<byte[], string> Usual => new()
    {
        { DataOf(1, "hello"), "data" },
        { Of(Data, 0, 5), "empty data" },
        { Of(Headers, EndHeaders | EndStream | Padded | HasPriority, 3, [0, 0, 0, 0, 0, 1, 0x82]), "headers" },
        { Of(Priority, 0, 3, 0, 0, 0, 0, 1), "priority" },
        { Reset(7, 8), "reset" },
        { EmptySettings, "settings" },
        { Of(Settings, 0, 0, 0, 1, 0, 0, 0x10, 0), "one setting" },
        { SettingsAck, "acknowledgement" },
        { Of(PushPromise, EndHeaders, 1, 0, 0, 0, 2), "promise" },
        { Of(Ping, 0, 0, new byte[8]), "ping" },
        { Away(5), "going away" },
        { Window(0), "window" },
        { Of(Continuation, EndHeaders, 1, 0x82), "continuation" },
        { Of(16, 0, 0, 0, 0, 0, 1), "priority update" },
    };

    [Theory]
    [MemberData(nameof(Usual))]
    public void Usual_frames_are_likely(byte[] frame, string what)
    {
        Assert.True(FrameHeader.IsLikelyAt(frame), what);
        Assert.True(FrameHeader.IsLikelyAt([.. frame, .. Window(1)]), what);
        Assert.False(FrameHeader.IsLikelyAt([.. frame, .. Encoding.ASCII.GetBytes("something else")]), what);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("*1\r\n$4\r\nPING\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")]
    [InlineData("\0\0\0\u0010\0\u0012\0\0\0\u0001")] // a length and a request of Kafka
    [InlineData("\u002a\0\0\0\u000a8.0.36\0")] // a greeting of MySQL
    [InlineData("\0\0\0\u0008\u0004\u00d2\u0016\u002f\0")] // a request for TLS of PostgreSQL
    [InlineData("{\"json\": true}")]
    public void What_else_connections_begin_with_is_not(string bytes) => Assert.False(FrameHeader.IsLikelyAt(Encoding.Latin1.GetBytes(bytes)));

    [Theory]
    [InlineData(Data, 0, 0u, 1)]
    [InlineData(Data, Padded, 1u, 0)]
    [InlineData(Headers, HasPriority, 1u, 4)]
    [InlineData(Headers, 0, 0u, 4)]
    [InlineData(Priority, 0, 1u, 4)]
    [InlineData(RstStream, 0, 0u, 4)]
    [InlineData(RstStream, 0, 1u, 5)]
    [InlineData(Settings, 0, 1u, 0)]
    [InlineData(Settings, 0, 0u, 5)]
    [InlineData(Settings, 1, 0u, 6)]
    [InlineData(PushPromise, 0, 1u, 3)]
    [InlineData(Ping, 0, 0u, 7)]
    [InlineData(GoAway, 0, 0u, 7)]
    [InlineData(GoAway, 0, 1u, 8)]
    [InlineData(WindowUpdate, 0, 0u, 3)]
    [InlineData(Continuation, 0, 0u, 3)]
    public void What_the_standard_forbids_is_not_valid(int type, int flags, uint stream, int length) =>
        Assert.False(FrameHeader.Parse(Of(type, flags, stream, new byte[length])).IsValid);

    [Fact]
    public void The_reserved_bit_means_nothing()
    {
        var frame = DataOf(1, "x");
        frame[5] |= 0x80;
        Assert.Equal(1u, FrameHeader.Parse(frame).StreamId);
        Assert.True(FrameHeader.Parse(frame).IsValid);
        Assert.False(FrameHeader.IsLikelyAt(frame));
    }
}
