using System.Text;
using Beyla.Protocols.Http2.Hpack;
using CsCheck;

namespace Beyla.Core.Tests.Protocols.Http2;

public sealed class HuffmanCodeTests
{
    private const string Symbols = "012aceiost %-./3456789=A_bdfghlmnpru:BCDEFGHIJKLMNOPQRSTUVWYjkqvwxyz&*,;XZ!\"()?'+|#>\0$@[]~^}<`{\\\u00c3\u0080\u00e2\u0001\u0002\u000e\n\r\u0016";

    /// <summary>The strings of RFC 7541, Appendix C.</summary>
    [Theory]
    [InlineData("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com")]
    [InlineData("a8eb10649cbf", "no-cache")]
    [InlineData("25a849e95ba97d7f", "custom-key")]
    [InlineData("25a849e95bb8e8b4bf", "custom-value")]
    [InlineData("6402", "302")]
    [InlineData("640eff", "307")]
    [InlineData("aec3771a4b", "private")]
    [InlineData("9bd9ab", "gzip")]
    [InlineData("d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT")]
    [InlineData("9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com")]
    [InlineData("94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")]
    [InlineData("", "")]
    public void Strings_of_the_standard_are_decoded(string encoded, string text) => Assert.Equal(text, Decode(Convert.FromHexString(encoded)));

    [Fact]
    public void Any_string_comes_back() =>
        Gen.Char[Symbols].Array[0, 200].Sample(symbols => Decode(HuffmanEncoder.Encode(new string(symbols))) == new string(symbols));

    [Theory]
    [InlineData("00", "padding that is not the beginning of the end-of-string symbol")]
    [InlineData("ff", "eight bits of padding")]
    [InlineData("1fff", "more than seven bits of padding")]
    [InlineData("fffffffc", "the end-of-string symbol")]
    [InlineData("ffffffff", "the end-of-string symbol before padding")]
    [InlineData("fffffff0", "a symbol that was cut off")]
    public void What_no_encoder_writes_is_refused(string encoded, string why) =>
        Assert.False(HuffmanCode.TryDecode(Convert.FromHexString(encoded), new byte[100], out _), why);

    [Fact]
    public void A_string_longer_than_the_room_for_it_is_measured()
    {
        var room = new byte[3];
        Assert.True(HuffmanCode.TryDecode(HuffmanEncoder.Encode("www.example.com"), room, out var length));
        Assert.Equal(("www", 15), (Encoding.ASCII.GetString(room), length));
    }

    [Fact]
    public void Any_bytes_decode_or_not_within_their_bound() =>
        Gen.Byte.Array[0, 60].Sample(bytes =>
            !HuffmanCode.TryDecode(bytes, default, out var length) || length <= HuffmanCode.MaxDecodedBytes(bytes.Length));

    private static string Decode(byte[] encoded)
    {
        var decoded = new byte[HuffmanCode.MaxDecodedBytes(encoded.Length)];
        Assert.True(HuffmanCode.TryDecode(encoded, decoded, out var length));
        return Encoding.Latin1.GetString(decoded, 0, length);
    }
}
