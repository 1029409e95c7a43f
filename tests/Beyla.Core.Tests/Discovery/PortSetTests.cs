using Beyla.Discovery;
using CsCheck;

namespace Beyla.Core.Tests.Discovery;

public sealed class PortSetTests
{
    [Theory]
    [InlineData("8080", "8080")]
    [InlineData("80,443,8000-8999", "80,443,8000-8999")]
    [InlineData(" 443 , 80 ", "80,443")]
    [InlineData("1-3,2-5,6", "1-6")]
    [InlineData("9000 - 9001,9000", "9000-9001")]
    [InlineData("65535", "65535")]
    [InlineData("1-65535", "1-65535")]
    public void Lists_are_read_and_written_in_their_shortest_form(string text, string shortest)
    {
        Assert.Equal(shortest, PortSet.Parse(text).ToString());
    }

    [Theory]
    [InlineData("", "''", 0)]
    [InlineData("0", "'0'", 0)]
    [InlineData("80,65536", "'65536'", 3)]
    [InlineData("80,http", "'http'", 3)]
    [InlineData("80,", "''", 3)]
    [InlineData("90-80", "'90-80'", 0)]
    [InlineData("80-", "'80-'", 0)]
    [InlineData("-80", "'-80'", 0)]
    [InlineData("1-2-3", "'1-2-3'", 0)]
    [InlineData("+80", "'+80'", 0)]
    public void What_is_no_list_is_refused_with_the_place_and_a_way_out(string text, string item, int position)
    {
        Assert.False(PortSet.TryParse(text, out var ports, out var error));

        Assert.True(ports.IsEmpty);
        Assert.Contains($"{item} at position {position} ", error, StringComparison.Ordinal);
        Assert.Contains("80,443,8000-8999", error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => PortSet.Parse(text)).Message);
    }

    [Fact]
    public void The_default_value_is_empty_and_contains_nothing()
    {
        PortSet ports = default;

        Assert.True(ports.IsEmpty);
        Assert.False(ports.Contains(0));
        Assert.False(ports.Contains(80));
        Assert.Equal(PortSet.Of(), ports);
        Assert.Equal("", ports.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_number_that_is_no_port_is_refused_and_never_contained(int port)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PortSet.Of(port));
        Assert.False(PortSet.Parse("1-65535").Contains(port));
    }

    [Fact]
    public void A_bitmap_that_is_too_short_is_refused()
    {
        Assert.Throws<ArgumentException>(() => PortSet.Of(80).ToBitmap(new ulong[1023]));
    }

    [Fact]
    public void Bits_that_are_set_already_stay()
    {
        var bitmap = new ulong[1024];
        bitmap[0] = 1UL << 5;

        PortSet.Of(64).ToBitmap(bitmap);

        Assert.Equal(1UL << 5, bitmap[0]);
        Assert.Equal(1UL, bitmap[1]);
    }

    [Fact]
    public void Any_set_survives_text_and_agrees_with_its_bitmap()
    {
        Gen.Int[1, 65535].Array[0, 40].Sample(ports =>
        {
            var set = PortSet.Of(ports);
            var bitmap = new ulong[1024];
            set.ToBitmap(bitmap);
            var members = Enumerable.Range(0, 65536).Where(set.Contains).ToArray();

            return members.SequenceEqual(ports.Distinct().Order())
                && members.SequenceEqual(Enumerable.Range(0, 65536).Where(port => (bitmap[port / 64] >> (port % 64) & 1) != 0))
                && (set.IsEmpty || PortSet.Parse(set.ToString()) == set)
                && set.GetHashCode() == PortSet.Of([.. ports.Reverse()]).GetHashCode();
        }, iter: 30);
    }

    [Fact]
    public void A_union_contains_what_either_contains()
    {
        Gen.Select(Gen.Int[1, 300].Array[0, 20], Gen.Int[1, 300].Array[0, 20]).Sample((left, right) =>
            PortSet.Of(left).Union(PortSet.Of(right)) == PortSet.Of([.. left, .. right]));
    }
}
