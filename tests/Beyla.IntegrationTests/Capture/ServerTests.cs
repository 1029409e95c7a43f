using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every request that a server answered is a span, once, with everything right; and there is no span besides.</summary>
[Trait("kind", "capture")]
public sealed class ServerTests(ITestOutputHelper output)
{
    private static readonly (Feature Feature, string Reason) ReadsMuchAtOnce = (
        Feature.EarlyResponse, "it reads 64 KiB and more at once: a request that follows a chunked upload unasked lies behind what is copied of a read");

    private readonly ServerCheck _check = new(output);

    [Fact]
    public Task Every_request_to_Python_is_seen() => _check.SeesEveryRequestAsync(Servers.Python);

    [Fact]
    public Task Every_request_to_Node_is_seen() => _check.SeesEveryRequestAsync(Servers.Node, ReadsMuchAtOnce);

    [Fact]
    public Task Every_request_to_Kestrel_is_seen() => _check.SeesEveryRequestAsync(Servers.Kestrel);

    [Fact]
    public Task Every_request_to_nginx_is_seen() => _check.SeesEveryRequestAsync(Servers.Nginx);

    [Fact]
    public Task Every_request_to_Go_is_seen() => _check.SeesEveryRequestAsync(Servers.Go);

    [Fact]
    public Task Every_request_to_Ruby_is_seen() => _check.SeesEveryRequestAsync(Servers.Ruby);

    [Fact]
    public Task Every_request_to_Java_is_seen() => _check.SeesEveryRequestAsync(Servers.Java);

    [Fact]
    public Task Every_request_to_PHP_is_seen() => _check.SeesEveryRequestAsync(Servers.Php);

    [Fact]
    public Task Every_request_to_Rust_is_seen() => _check.SeesEveryRequestAsync(Servers.Rust);

    [Fact]
    public Task Every_request_to_a_server_in_C_is_seen() => _check.SeesEveryRequestAsync(Servers.C);

    [Fact]
    public Task Every_request_to_Apache_is_seen() => _check.SeesEveryRequestAsync(Servers.Apache);

    [Fact]
    public Task Every_request_to_uvicorn_is_seen() => _check.SeesEveryRequestAsync(Servers.Asyncio, ReadsMuchAtOnce);

    [Fact]
    public Task Every_request_to_uvicorn_on_uvloop_is_seen() => _check.SeesEveryRequestAsync(Servers.Uvloop, ReadsMuchAtOnce);

    [Fact]
    public Task Every_request_to_a_stripped_Go_program_is_seen() => _check.SeesEveryRequestAsync(Servers.GoStripped);

    [Fact]
    public Task Pipelined_requests_to_Kestrel_are_never_paired_wrongly() => _check.NeverPairsWronglyAsync(Servers.Kestrel);

    [Fact]
    public Task Pipelined_requests_to_Node_are_never_paired_wrongly() => _check.NeverPairsWronglyAsync(Servers.Node);

    [Fact]
    public Task Pipelined_requests_to_nginx_are_never_paired_wrongly() => _check.NeverPairsWronglyAsync(Servers.Nginx);

    [Fact]
    public Task Pipelined_requests_to_Go_are_never_paired_wrongly() => _check.NeverPairsWronglyAsync(Servers.Go);
}
