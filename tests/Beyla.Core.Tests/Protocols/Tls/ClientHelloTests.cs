using Beyla.Protocols.Tls;

namespace Beyla.Core.Tests.Protocols.Tls;

public sealed class ClientHelloTests
{
    [Fact]
    public void The_random_is_read()
    {
        Assert.True(ClientHello.TryReadRandom(TlsFixture.Hello(7), out var random));
        Assert.Equal(ClientRandom.From(TlsFixture.Random(7)), random);
    }

    [Fact]
    public void Nothing_else_is_taken_for_one()
    {
        var hello = TlsFixture.Hello(7);
        Assert.False(ClientHello.TryReadRandom(hello.AsSpan(0, 42), out _));
        byte[] serverHello = [.. hello];
        serverHello[5] = 2;
        Assert.False(ClientHello.TryReadRandom(serverHello, out _));
        Assert.False(ClientHello.TryReadRandom(TlsFixture.Record(1), out _));
        Assert.False(ClientHello.TryReadRandom([], out _));
        Assert.False(ClientHello.TryReadRandom(TlsFixture.Hello(0), out _));
    }
}
