using Beyla.Core.Tests.Protocols.Http2;
using Beyla.Protocols.Grpc;
using CsCheck;

namespace Beyla.Core.Tests.Protocols.Grpc;

public sealed class GrpcMessagesTests
{
    [Fact]
    public void Messages_are_counted_however_they_are_cut() =>
        Gen.Select(Gen.Int[0, 50].Array[0, 10], Gen.Int[1, 60]).Sample((lengths, cut) =>
        {
            var messages = default(GrpcMessages);
            foreach (var piece in Frames.Join(lengths.Select(length => Frames.Message(length))).Chunk(cut))
            {
                messages.Pass(piece);
            }

            Assert.Equal((lengths.Length, lengths.Sum()), (messages.Count, messages.Bytes));
        });

    [Fact]
    public void A_message_whose_bytes_were_left_out_is_counted()
    {
        var messages = default(GrpcMessages);
        messages.Pass(Frames.Message(100).AsSpan(0, 16));
        messages.PassUnknown(89);
        messages.Pass(Frames.Message(3));
        Assert.Equal((2L, 103L), (messages.Count, messages.Bytes));
    }

    [Fact]
    public void Where_the_beginning_of_a_message_was_left_out_the_number_is_not_known()
    {
        var messages = default(GrpcMessages);
        messages.Pass(Frames.Message(100).AsSpan(0, 16));
        messages.PassUnknown(90);
        messages.Pass(Frames.Message(3));
        Assert.Null(messages.Count);
        Assert.Null(messages.Bytes);
    }

    [Fact]
    public void Half_a_length_is_not_known_either()
    {
        var messages = default(GrpcMessages);
        messages.Pass([0, 0, 0]);
        messages.PassUnknown(1);
        Assert.Null(messages.Count);
    }
}
