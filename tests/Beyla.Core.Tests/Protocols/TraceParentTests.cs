using System.Text;
using Beyla.Protocols;

namespace Beyla.Core.Tests.Protocols;

public sealed class TraceParentTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ParentId = "00f067aa0ba902b7";

    [Theory]
    [InlineData("00-" + TraceId + "-" + ParentId + "-01", 1)]
    [InlineData("00-" + TraceId + "-" + ParentId + "-00", 0)]
    [InlineData("cc-" + TraceId + "-" + ParentId + "-ff-what-the-future-brings", 0xff)]
    public void A_valid_header_is_read(string value, byte flags)
    {
        var parent = TraceParent.Parse(Encoding.ASCII.GetBytes(value));
        Assert.Equal((TraceId, ParentId, flags), ($"{parent.TraceIdHigh:x16}{parent.TraceIdLow:x16}", $"{parent.ParentId:x16}", parent.Flags));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-" + TraceId + "-" + ParentId + "-0")]
    [InlineData("00-" + TraceId + "-" + ParentId + "-01-x")]
    [InlineData("cc-" + TraceId + "-" + ParentId + "-01x")]
    [InlineData("ff-" + TraceId + "-" + ParentId + "-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-" + ParentId + "-01")]
    [InlineData("00-00000000000000000000000000000000-" + ParentId + "-01")]
    [InlineData("00-" + TraceId + "-0000000000000000-01")]
    [InlineData("00_" + TraceId + "-" + ParentId + "-01")]
    public void An_invalid_header_is_none(string value) => Assert.True(TraceParent.Parse(Encoding.ASCII.GetBytes(value)).IsNone);
}
