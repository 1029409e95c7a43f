using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Both ends of every server tell the same story of a mixed load, before any observer is asked for its own.</summary>
[Trait("kind", "fleet")]
public sealed class FleetServerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Python_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Python);

    [Fact]
    public Task Node_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Node);

    [Fact]
    public Task Kestrel_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Kestrel);

    [Fact]
    public Task Nginx_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Nginx);

    [Fact]
    public Task C_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.C);

    [Fact]
    public Task Go_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Go);

    [Fact]
    public Task Rust_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Rust);

    [Fact]
    public Task Java_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Java);

    [Fact]
    public Task Ruby_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Ruby);

    [Fact]
    public Task Php_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Php);

    [Fact]
    public Task Apache_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Apache);

    [Fact]
    public Task Secure_Apache_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Apache.Secure);

    [Fact]
    public Task Uvicorn_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Asyncio);

    [Fact]
    public Task Secure_uvicorn_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Asyncio.Secure);

    [Fact]
    public Task Secure_uvicorn_on_uvloop_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Uvloop.Secure);

    [Fact]
    public Task Secure_Ruby_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Ruby.Secure);

    [Fact]
    public Task Secure_Go_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Go.Secure);

    [Fact]
    public Task Rust_with_OpenSSL_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.RustOpenSsl);

    [Fact]
    public Task Rust_with_rustls_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Rustls);

    [Fact]
    public Task Secure_Python_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Python.Secure);

    [Fact]
    public Task Secure_Node_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Node.Secure);

    [Fact]
    public Task Secure_Kestrel_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Kestrel.Secure);

    [Fact]
    public Task Secure_nginx_and_its_clients_agree_on_every_request() => AgreeAsync(Servers.Nginx.Secure);

    private async Task AgreeAsync(ServerKind kind)
    {
        using var deadline = TestDeadline.After(Deadline);
        foreach (var remark in kind.Profile.Remarks())
        {
            output.WriteLine(remark);
        }

        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        var run = await server.PlayAsync(LoadMix.Build(kind.Profile), deadline.Token);
        var result = run.CompareEnds(kind.Profile);
        output.WriteLine(result.ToString());
        Assert.True(result.IsEqual, $"{result}\n{server.Process.Output}");
        Assert.All(run.Expected.Where(static r => !r.Optional && !r.Aborted), static r => Assert.NotNull(r.Inner));
        Assert.True(result.Paired >= 200, "The mix is too small to prove anything.");
    }
}
