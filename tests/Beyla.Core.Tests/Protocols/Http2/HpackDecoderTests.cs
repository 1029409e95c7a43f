using Beyla.Protocols;
using Beyla.Protocols.Http2;
using Beyla.Protocols.Http2.Hpack;

namespace Beyla.Core.Tests.Protocols.Http2;

public sealed class HpackDecoderTests
{
    private readonly HeaderCollector _fields = new();
    private readonly HpackDecoder _decoder;

    public HpackDecoderTests() => _decoder = new HpackDecoder(_fields, Unlimited());

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header", 55)] // C.2.1
    [InlineData("040c2f73616d706c652f70617468", ":path: /sample/path", 0)] // C.2.2
    [InlineData("100870617373776f726406736563726574", "password: secret", 0)] // C.2.3
    [InlineData("82", ":method: GET", 0)] // C.2.4
    public void Single_fields_of_the_standard_are_read(string block, string expected, int size)
    {
        Assert.Equal(expected, Read(block));
        Assert.Equal(size, _decoder.Table.Size);
    }

    /// <summary>RFC 7541, C.3 and C.4: three requests on one connection, without and with Huffman coding.</summary>
    [Theory]
    [InlineData("828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865", "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Requests_of_the_standard_are_read(string first, string second, string third)
    {
        Assert.Equal(":method: GET, :scheme: http, :path: /, :authority: www.example.com", Read(first));
        Assert.Equal(57, _decoder.Table.Size);
        Assert.Equal(":method: GET, :scheme: http, :path: /, :authority: www.example.com, cache-control: no-cache", Read(second));
        Assert.Equal(110, _decoder.Table.Size);
        Assert.Equal(":method: GET, :scheme: https, :path: /index.html, :authority: www.example.com, custom-key: custom-value", Read(third));
        Assert.Equal(164, _decoder.Table.Size);
        Assert.Equal(3, _decoder.Table.Count);
    }

    /// <summary>RFC 7541, C.5 and C.6: three responses with a table of 256 bytes, which has to evict.</summary>
    [Theory]
    [InlineData(
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31")]
    [InlineData(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007")]
    public void Responses_of_the_standard_are_read(string first, string second, string third)
    {
        Assert.Equal("", Read("3fe101")); // the table has 256 bytes from now on
        Assert.Equal(":status: 302, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com", Read(first));
        Assert.Equal(222, _decoder.Table.Size);
        Assert.Equal(":status: 307, cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location: https://www.example.com", Read(second));
        Assert.Equal(222, _decoder.Table.Size);
        Assert.Equal(
            ":status: 200, cache-control: private, date: Mon, 21 Oct 2013 20:13:22 GMT, location: https://www.example.com, content-encoding: gzip, "
            + "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
            Read(third));
        Assert.Equal(215, _decoder.Table.Size);
        Assert.Equal(3, _decoder.Table.Count);
    }

    [Theory]
    [InlineData("0a", 5, 10)] // C.1.1, without the bits before the prefix
    [InlineData("1f9a0a", 5, 1337)] // C.1.2
    [InlineData("1f00", 5, 31)]
    [InlineData("7fff00", 7, 254)]
    public void Integers_of_the_standard_are_read(string bytes, int prefix, int expected)
    {
        var at = 0;
        Assert.Equal(HpackResult.Complete, HpackInteger.Read(Convert.FromHexString(bytes), ref at, prefix, out var value));
        Assert.Equal((expected, bytes.Length / 2), (value, at));
    }

    [Fact]
    public void A_block_that_ends_inside_a_field_is_cut_wherever_it_ends()
    {
        var block = Convert.FromHexString("828684418cf1e3c2e5f23a6ba0ab90f4ff408825a849e95ba97d7f8925a849e95bb8e8b4bf");
        int[] boundaries = [0, 1, 2, 3, 17, block.Length];
        for (var length = 0; length <= block.Length; length++)
        {
            var fields = new HeaderCollector();
            var result = new HpackDecoder(fields, Unlimited()).Decode(block.AsSpan(0, length));
            Assert.Equal(boundaries.Contains(length) ? HpackResult.Complete : HpackResult.Truncated, result);
            Assert.Equal(boundaries.Count(boundary => boundary > 0 && boundary <= length), fields.Fields.Count);
        }
    }

    [Theory]
    [InlineData("80", "index 0")]
    [InlineData("be", "an entry that was never made")]
    [InlineData("7e0161", "the name of an entry that was never made")]
    [InlineData("ff8080808001", "an integer of too many bytes")]
    [InlineData("4182ff", "a string that ends early")]
    [InlineData("4181ff", "a string with a byte of padding")]
    [InlineData("408100017a", "a name that is no Huffman code")]
    public void What_breaks_the_rules_is_said_to(string block, string why)
    {
        var result = _decoder.Decode(Convert.FromHexString(block));
        Assert.True(result is HpackResult.Malformed or HpackResult.Truncated, why);
        Assert.False(_decoder.Table.IsComplete);
    }

    [Fact]
    public void What_an_observer_missed_is_unknown_and_what_it_sees_is_known()
    {
        _decoder.Lose();
        Assert.Equal(":method: GET, ?: ?, ?: ?", Read("82bebf")); // entries from before
        Assert.Equal(":path: /new", Read("44042f6e6577"));
        Assert.Equal(":path: /new, ?: ?", Read("bebf"));
        Assert.Equal(":authority: a", Read("410161"));
        Assert.Equal(":authority: a, :path: /new, ?: ?", Read("bebfc0"));
    }

    [Fact]
    public void A_field_with_an_unknown_name_stays_unknown_in_the_table()
    {
        _decoder.Lose();
        Assert.Equal("?: ?", Read("7e0161")); // the name of an entry from before, the value a, into the table
        Assert.Equal(":path: /b", Read("44022f62"));
        Assert.Equal(":path: /b, ?: ?", Read("bebf"));
    }

    [Fact]
    public void Losing_entries_again_makes_all_unknown_again()
    {
        Assert.Equal(":path: /new", Read("44042f6e6577"));
        _decoder.Lose();
        Assert.Equal("?: ?", Read("be"));
    }

    [Fact]
    public void A_table_that_its_owner_emptied_is_known()
    {
        _decoder.Lose();
        Assert.Equal("", Read("20"));
        Assert.True(_decoder.Table.IsComplete);
        Assert.Equal(HpackResult.Malformed, _decoder.Decode([0xbe]));
    }

    [Fact]
    public void An_entry_larger_than_the_table_empties_it()
    {
        Read("3f01"); // 32 bytes
        Read("44042f6e6577");
        Assert.Equal((0, 0), (_decoder.Table.Count, _decoder.Table.Size));
    }

    [Fact]
    public void A_size_that_shrinks_evicts()
    {
        Read("44022f61"); // 39 bytes
        Read("44022f62");
        Assert.Equal(2, _decoder.Table.Count);
        Read("3f15"); // 52 bytes
        Assert.Equal(1, _decoder.Table.Count);
        Assert.Equal(":path: /b", Read("be"));
    }

    [Fact]
    public void Of_a_table_that_is_huge_the_newest_entries_are_kept()
    {
        Read("3fe1ff3f"); // 1 MiB
        for (var i = 0; i < 5000; i++)
        {
            _decoder.Decode([0x44, 0x05, .. System.Text.Encoding.ASCII.GetBytes($"/{i:0000}")]);
        }

        _fields.Fields.Clear();
        Assert.InRange(_decoder.Table.Size, HpackDynamicTable.MaxKeptSize - 100, HpackDynamicTable.MaxKeptSize);
        Assert.Equal(":path: /4999", Read("be"));
        Assert.Equal(":path: /4900, ?: ?", Read("ffa200ffa1e101")); // entries 99 and far behind
    }

    [Fact]
    public void Of_a_table_for_which_there_is_no_memory_the_newest_entries_are_known()
    {
        var counters = new ProtocolCounters();
        var decoder = new HpackDecoder(_fields, new HeaderMemory(counters, limit: 0));
        for (var i = 0; i < 120; i++)
        {
            decoder.Decode([0x44, 0x02, (byte)'/', (byte)i]);
        }

        Assert.InRange(decoder.Table.Count, 16, 119);
        Assert.NotEqual(0, counters.HeaderMemoryFull);
        _fields.Fields.Clear();
        Assert.Equal(HpackResult.Complete, decoder.Decode([0xbe, 0xff, 35]));
        Assert.Equal([(":path", "/w"), ("?", "?")], _fields.Fields);
    }

    [Fact]
    public void A_value_for_which_there_is_no_memory_is_unknown_where_it_is_referred_to()
    {
        var decoder = new HpackDecoder(_fields, new HeaderMemory(new ProtocolCounters(), limit: 0));
        decoder.Decode([0x44, 0x7f, 0xd1, 0x0e, .. Enumerable.Repeat((byte)'p', 2000)]);
        decoder.Decode([0x44, 0x02, (byte)'/', (byte)'a']);
        _fields.Fields.Clear();
        Assert.Equal(HpackResult.Complete, decoder.Decode([0xbe, 0xbf]));
        Assert.Equal([(":path", "/a"), (":path", HeaderCollector.Unknown)], _fields.Fields);
    }

    [Fact]
    public void Values_that_do_not_matter_are_not_kept()
    {
        Read("4003782d610a30313233343536373839"); // x-a: 0123456789
        Assert.Equal((1, 0, 45), (_decoder.Table.Count, _decoder.Table.HeldBytes, _decoder.Table.Size));
        Read("be");
        Assert.Equal(2, _fields.Others);
    }

    [Fact]
    public void Values_beyond_all_measure_are_unknown()
    {
        const int length = HpackDecoder.MaxValueBytes + 1;
        byte[] block = [0x04, 0x7f, (byte)(((length - 127) & 0x7f) | 0x80), (byte)(((length - 127) >> 7) | 0x80), (byte)((length - 127) >> 14), .. new byte[length]];
        Assert.Equal(":path: ?", Read(Convert.ToHexString(block)));
    }

    private string Read(string block)
    {
        _fields.Fields.Clear();
        Assert.Equal(HpackResult.Complete, _decoder.Decode(Convert.FromHexString(block)));
        return string.Join(", ", _fields.Fields.Select(field => $"{field.Name}: {field.Value}"));
    }

    internal static HeaderMemory Unlimited() => new(new ProtocolCounters(), long.MaxValue);
}
