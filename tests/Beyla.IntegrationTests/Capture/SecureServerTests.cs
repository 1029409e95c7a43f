using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every request that a server answered through TLS is a span, once, with everything right; and there is no span besides.</summary>
[Trait("kind", "capture")]
public sealed class SecureServerTests(ITestOutputHelper output)
{
    private readonly ServerCheck _check = new(output);

    [Fact]
    public Task Every_request_to_nginx_is_seen() => _check.SeesEveryRequestAsync(Servers.Nginx.Secure);

    [Fact]
    public Task Every_request_to_Python_is_seen() => _check.SeesEveryRequestAsync(Servers.Python.Secure);

    [Fact]
    public Task Every_request_to_Node_is_seen() => _check.SeesEveryRequestAsync(Servers.Node.Secure);

    [Fact]
    public Task Every_request_to_Kestrel_is_seen() => _check.SeesEveryRequestAsync(Servers.Kestrel.Secure);
}
