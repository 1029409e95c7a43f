using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Beyla.Capture;
using Beyla.Capture.Abi;

namespace Beyla.Core.Tests.Capture;

public sealed class RecordSegmentsTests
{
    [Fact]
    public void A_record_is_one_segment()
    {
        var record = Record(length: 10, captured: 4, SocketFlags.Cut);
        record.TailLength = 2;
        ((Span<byte>)record.Tail)[0] = (byte)'y';
        ((Span<byte>)record.Tail)[1] = (byte)'z';
        Assert.Equal(["990-1000 abcd|yz"], Read(record, "abcd"u8));
    }

    [Fact]
    public void Pieces_are_segments_that_reach_up_to_the_next_one() =>
        Assert.Equal(["900-905 ab|", "905-1000 cde|"], Read(Record(100, 21, SocketFlags.Pieces), [.. Piece(0, "ab"), .. Piece(5, "cde")]));

    [Fact]
    public void What_was_left_out_before_the_first_piece_is_a_segment_without_bytes() =>
        Assert.Equal(["900-940 |", "940-1000 ab|"], Read(Record(100, 10, SocketFlags.Pieces), Piece(40, "ab")));

    [Fact]
    public void An_io_of_which_nothing_was_copied_is_a_segment_without_bytes() =>
        Assert.Equal(["900-1000 |"], Read(Record(100, 0, SocketFlags.Pieces), []));

    [Fact]
    public void Pieces_without_anything_between_them_are_segments_of_their_own() =>
        Assert.Equal(["996-998 ab|", "998-1000 cd|"], Read(Record(4, 20, SocketFlags.Pieces), [.. Piece(0, "ab"), .. Piece(2, "cd")]));

    [Theory]
    [InlineData(100, 3, "behind the end")]
    [InlineData(98, 3, "over the end")]
    [InlineData(10, 200, "more than there is")]
    [InlineData(1, 3, "inside of the piece before")]
    public void Pieces_that_can_not_be_cost_the_rest_of_the_record(uint offset, int length, string why)
    {
        byte[] bytes = [.. Piece(0, "ab"), .. Piece(offset, new string('x', Math.Min(length, 3)), length), .. Piece(50, "late")];
        Assert.Equal(["900-1000 ab|", "malformed"], Read(Record(100, (uint)bytes.Length, SocketFlags.Pieces), bytes));
        Assert.NotEmpty(why);
    }

    private static byte[] Piece(uint offset, string text, int? length = null)
    {
        var piece = new byte[8 + text.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(piece, offset);
        BinaryPrimitives.WriteUInt32LittleEndian(piece.AsSpan(4), (uint)(length ?? text.Length));
        Encoding.ASCII.GetBytes(text, piece.AsSpan(8));
        return piece;
    }

    private static SocketRecord Record(uint length, uint captured, SocketFlags flags) => new()
    {
        Event = SocketEvent.Received,
        Flags = flags,
        Family = AddressFamily.Inet,
        SentPosition = 77,
        ReceivedPosition = 1000,
        Length = length,
        Captured = captured,
    };

    private static List<string> Read(SocketRecord record, ReadOnlySpan<byte> bytes)
    {
        var seen = new List<string>();
        var segments = new RecordSegments(in record, bytes);
        while (segments.TryRead(out var segment))
        {
            Assert.Equal((SocketDirection.Received, 77u), (segment.Direction, segment.OppositePosition));
            seen.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{segment.EndPosition - segment.Length}-{segment.EndPosition} {Encoding.ASCII.GetString(segment.Head)}|{Encoding.ASCII.GetString(segment.Tail)}"));
        }

        if (segments.IsMalformed)
        {
            seen.Add("malformed");
        }

        return seen;
    }
}
