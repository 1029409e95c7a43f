using Beyla.Capture.Uprobes;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;

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
    public Task Every_request_to_Apache_is_seen() => _check.SeesEveryRequestAsync(
        Servers.Apache.Secure, (Feature.AbortInRequest, "it answers a broken request with a page that its TLS library takes and the client never gets"));

    [Fact]
    public Task Every_request_to_Kestrel_is_seen() => _check.SeesEveryRequestAsync(Servers.Kestrel.Secure);

    [Fact]
    public Task Every_request_to_uvicorn_is_seen() => _check.SeesEveryRequestAsync(Servers.Asyncio.Secure);

    [Fact]
    public Task Every_request_to_uvicorn_on_uvloop_is_seen() => _check.SeesEveryRequestAsync(Servers.Uvloop.Secure);

    [Fact]
    public Task Every_request_to_Ruby_is_seen() => _check.SeesEveryRequestAsync(Servers.Ruby.Secure);

    [Fact]
    public Task Every_request_to_Go_is_seen() => _check.SeesEveryRequestAsync(Servers.Go.Secure);

    [Fact]
    public Task Every_request_to_a_stripped_Go_program_is_seen() => _check.SeesEveryRequestAsync(Servers.GoStripped.Secure);

    [Fact]
    public Task Every_request_to_Rust_with_OpenSSL_is_seen() => _check.SeesEveryRequestAsync(Servers.RustOpenSsl);

    [Fact]
    public Task Every_request_to_Rust_with_OpenSSL_in_the_executable_is_seen() => _check.SeesEveryRequestAsync(Servers.RustStaticOpenSsl);

    [Fact]
    public Task Every_request_to_Rust_with_rustls_is_seen() => _check.SeesEveryRequestAsync(Servers.Rustls);

    // What older kernels have.
    [Fact]
    public Task Every_request_to_nginx_is_seen_by_entry_and_return_probes() => _check.SeesEveryRequestAsync(Servers.Nginx.Secure, UprobeMode.Multi);

    [Fact]
    public Task Every_request_to_nginx_is_seen_by_a_probe_for_each_place() => _check.SeesEveryRequestAsync(Servers.Nginx.Secure, UprobeMode.Single);

    [Fact]
    public Task Every_request_to_Go_is_seen_by_a_probe_for_each_place() => _check.SeesEveryRequestAsync(Servers.Go.Secure, UprobeMode.Single);
}
