using System.Globalization;
using Beyla.Agent.Configuration;
using CsCheck;

namespace Beyla.Agent.Tests.Configuration;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("0", "00:00:00")]
    [InlineData("0s", "00:00:00")]
    [InlineData("5s", "00:00:05")]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("1m30s", "00:01:30")]
    [InlineData("1.5h", "01:30:00")]
    [InlineData(".5s", "00:00:00.5")]
    [InlineData("2h45m10.25s", "02:45:10.25")]
    [InlineData("100µs", "00:00:00.0001")]
    [InlineData("100us", "00:00:00.0001")]
    [InlineData("1000ns", "00:00:00.000001")]
    [InlineData(" 5s ", "00:00:05")]
    public void Durations_are_read_as_Go_reads_them(string text, string expected)
    {
        Assert.Null(GoDuration.Parse(text, out var duration));
        Assert.Equal(TimeSpan.Parse(expected, CultureInfo.InvariantCulture), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("5x")]
    [InlineData("1.2.3s")]
    [InlineData("-5s")]
    [InlineData("5sm")]
    [InlineData("five")]
    [InlineData("9999999999999999999h")]
    [InlineData("99999999999999999999999999999999s")]
    public void What_is_no_duration_is_explained(string text)
    {
        Assert.NotNull(GoDuration.Parse(text, out var duration));
        Assert.Equal(TimeSpan.Zero, duration);
    }

    [Fact]
    public void No_text_breaks_the_reader() =>
        Gen.String[Gen.Char["0123456789.hmsunµ-"], 0, 60].Sample(text => GoDuration.Parse(text, out var duration) is not null || duration >= TimeSpan.Zero);
}
