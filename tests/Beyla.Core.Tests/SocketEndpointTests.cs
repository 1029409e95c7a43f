using System.Net;
using Beyla.Tests.Shared;
using Beyla.Tracing;
using CsCheck;

namespace Beyla.Core.Tests;

public sealed class SocketEndpointTests
{
    // Groups that make runs of zeros likely.
    private static readonly Gen<byte[]> IPv6 = Gen.OneOf(Gen.Const((ushort)0), Gen.Const((ushort)0), Gen.UShort[0, 255], Gen.UShort).Array[8]
        .Select(groups => groups.SelectMany(group => new[] { (byte)(group >> 8), (byte)group }).ToArray());

    [Fact]
    public void An_IPv6_address_is_written_as_the_framework_writes_it() => IPv6.Sample(address => AssertText(address));

    [Fact]
    public void An_IPv4_address_is_written_as_the_framework_writes_it() => Gen.Byte.Array[4].Sample(address => AssertText(address));

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::1.2.3.4")]
    [InlineData("fe80::5efe:1.2.3.4")]
    [InlineData("fe80::200:5efe:1.2.3.4")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:0:0:1::1")]
    [InlineData("1:0:0:2:0:0:3:4")]
    [InlineData("1::")]
    [InlineData("1:2:3:4:5:6:7:8")]
    [InlineData("1:0:2:3:4:5:6:7")]
    public void Addresses_of_a_special_kind_too(string text) => AssertText(IPAddress.Parse(text).GetAddressBytes());

    [Fact]
    public void Text_that_does_not_fit_is_no_text()
    {
        var endpoint = new SocketEndpoint(IPAddress.Parse("2001:db8::ffff").GetAddressBytes(), 80);
        var whole = endpoint.Address.ToString();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(endpoint.TryFormatAddress(new char[length], out _));
        }

        Assert.True(endpoint.TryFormatAddress(new char[whole.Length], out _));
    }

    [Fact]
    public void Writing_costs_no_memory()
    {
        SocketEndpoint[] endpoints = [new([1, 2, 3, 4], 80), new(IPAddress.Parse("2001:db8::1").GetAddressBytes(), 80)];
        Assert.Equal(0, Allocations.Of(() =>
        {
            Span<char> text = stackalloc char[SocketEndpoint.MaxAddressLength];
            foreach (var endpoint in endpoints)
            {
                Assert.True(endpoint.TryFormatAddress(text, out _));
            }
        }));
    }

    private static bool AssertText(byte[] address)
    {
        var endpoint = new SocketEndpoint(address, 80);
        Span<char> text = stackalloc char[SocketEndpoint.MaxAddressLength];
        Assert.True(endpoint.TryFormatAddress(text, out var length));
        Assert.Equal(endpoint.Address.ToString(), text[..length].ToString());
        return true;
    }
}
