using System.Text;
using Beyla.Protocols.Grpc;

namespace Beyla.Core.Tests.Protocols.Grpc;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3_600_000_000_000)]
    [InlineData("2M", 120_000_000_000)]
    [InlineData("30S", 30_000_000_000)]
    [InlineData("250m", 250_000_000)]
    [InlineData("99999u", 99_999_000)]
    [InlineData("12345678n", 12_345_678)]
    [InlineData("99999999H", long.MaxValue)]
    [InlineData("0m", 0)]
    public void A_time_is_read_in_its_unit(string value, long nanoseconds) => Assert.Equal(nanoseconds, GrpcTimeout.Parse(Encoding.ASCII.GetBytes(value)));

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("123456789m")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("1 S")]
    public void What_is_no_time_is_none(string value) => Assert.Equal(0, GrpcTimeout.Parse(Encoding.ASCII.GetBytes(value)));
}
