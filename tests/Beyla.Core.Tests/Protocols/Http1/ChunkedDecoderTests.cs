using System.Text;
using Beyla.Capture;
using Beyla.Protocols;
using Beyla.Protocols.Http1;

namespace Beyla.Core.Tests.Protocols.Http1;

public sealed class ChunkedDecoderTests
{
    [Theory]
    [InlineData("0\r\n\r\n", 0)]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", 5)]
    [InlineData("00a;x=\"y\"\r\n0123456789\r\n1 \r\nx\r\n0;last\r\nA: b\r\nC: d\r\n\r\n", 11)]
    [InlineData("3\nabc\n0\n\n", 3)]
    public void Counts_content_however_the_body_is_cut(string body, long expected)
    {
        var bytes = Encoding.ASCII.GetBytes(body + "HTTP");
        for (var first = 1; first < bytes.Length; first++)
        {
            for (var second = first; second < bytes.Length; second++)
            {
                var decoder = new ChunkedDecoder();
                var consumed = Advance(ref decoder, bytes[..first]) + Advance(ref decoder, bytes[first..second]) + Advance(ref decoder, bytes[second..]);
                Assert.True(decoder.IsDone);
                Assert.False(decoder.IsLost);
                Assert.Equal((expected, body.Length), (decoder.ContentBytes, consumed));
            }
        }
    }

    [Fact]
    public void Content_that_was_not_copied_is_counted_by_position()
    {
        var decoder = new ChunkedDecoder();
        Advance(ref decoder, "10000\r\n"u8.ToArray(), unknown: 0x10000, tail: "\r\n0\r\n\r\n"u8.ToArray());
        Assert.True(decoder.IsDone);
        Assert.False(decoder.IsLost);
        Assert.Equal(0x10000, decoder.ContentBytes);
    }

    [Fact]
    public void After_a_line_that_was_not_copied_the_terminator_at_the_end_of_a_segment_ends_the_body()
    {
        var decoder = new ChunkedDecoder();
        Advance(ref decoder, "5\r\nhel"u8.ToArray(), unknown: 20, tail: "0\r\n\r"u8.ToArray());
        Assert.True(decoder.IsLost);
        Assert.False(decoder.IsDone);
        Advance(ref decoder, [], unknown: 100, tail: "x0\r\n\r\n"u8.ToArray());
        Assert.False(decoder.IsDone);
        Advance(ref decoder, [], unknown: 100, tail: "\r\n0\r\n\r\n"u8.ToArray());
        Assert.True(decoder.IsDone);
    }

    [Fact]
    public void A_terminator_of_its_own_ends_a_lost_body()
    {
        var decoder = new ChunkedDecoder();
        Advance(ref decoder, [], unknown: 20);
        Advance(ref decoder, "0\r\n\r\n"u8.ToArray());
        Assert.True(decoder is { IsDone: true, IsLost: true });
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("x\r\n")]
    [InlineData("1\r\nab\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    public void Nonsense_loses_the_framing(string body)
    {
        var decoder = new ChunkedDecoder();
        Advance(ref decoder, Encoding.ASCII.GetBytes(body + "....."));
        Assert.True(decoder.IsLost);
        Assert.False(decoder.IsDone);
    }

    [Fact]
    public void Only_content_can_be_skipped_unseen()
    {
        var decoder = new ChunkedDecoder();
        Assert.False(decoder.TrySkip(1));
        Advance(ref decoder, "5\r\nab"u8.ToArray());
        Assert.False(decoder.TrySkip(4));
        Assert.True(decoder.TrySkip(3));
        Advance(ref decoder, "\r\n0\r\n\r\n"u8.ToArray());
        Assert.True(decoder.IsDone);
        Assert.Equal(5, decoder.ContentBytes);
    }

    /// <returns>Bytes consumed.</returns>
    private static int Advance(ref ChunkedDecoder decoder, byte[] head, int unknown = 0, byte[]? tail = null)
    {
        var length = (uint)(head.Length + unknown + (tail?.Length ?? 0));
        var cursor = new SegmentCursor(new Packet(SocketDirection.Sent, 0, 0, length, head, tail ?? [], 0).ToSegment());
        decoder.Advance(ref cursor);
        return (int)cursor.Offset;
    }
}
