using Beyla.IntegrationTests.Load;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>Every client program and the servers it talks to tell the same story.</summary>
[Trait("kind", "fleet")]
public sealed class FleetClientTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Http_client_of_Python_and_Kestrel_agree_on_every_request() => AgreeAsync(ClientKinds.Python, Servers.Kestrel);

    [Fact]
    public Task Fetch_and_http_request_of_Node_and_Kestrel_agree_on_every_request() => AgreeAsync(ClientKinds.Node, Servers.Kestrel);

    [Fact]
    public Task HttpClient_of_Dotnet_and_Node_agree_on_every_request() => AgreeAsync(ClientKinds.Dotnet, Servers.Node);

    [Fact]
    public Task Http_client_of_Go_and_Kestrel_agree_on_every_request() => AgreeAsync(ClientKinds.Go, Servers.Kestrel);

    [Fact]
    public Task Secure_http_client_of_Go_and_Kestrel_agree_on_every_request() => AgreeAsync(ClientKinds.Go, Servers.Kestrel.Secure);

    [Fact]
    public Task Secure_http_client_of_Python_and_Kestrel_agree_on_every_request() => AgreeAsync(ClientKinds.Python, Servers.Kestrel.Secure);

    [Fact]
    public Task Secure_fetch_and_https_request_of_Node_and_Kestrel_agree_on_every_request() => AgreeAsync(ClientKinds.Node, Servers.Kestrel.Secure);

    [Fact]
    public Task Secure_HttpClient_of_Dotnet_and_nginx_agree_on_every_request() => AgreeAsync(ClientKinds.Dotnet, Servers.Nginx.Secure);

    [Fact]
    public Task Secure_libcurl_with_GnuTLS_and_Kestrel_agree_on_every_request() => AgreeAsync(ClientKinds.Pycurl, Servers.Kestrel.Secure);

    private async Task AgreeAsync(ClientKind kind, ServerKind serverKind)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(serverKind, deadline.Token);
        await using var client = await FleetClient.StartAsync(kind, server, ClientPlans.Build(serverKind.Profile));
        var run = await client.RunAsync(deadline.Token);
        var result = run.CompareEnds(serverKind.Profile);
        output.WriteLine(result.ToString());
        Assert.True(result.IsEqual, $"{result}\n{server.Process.Output}");
        Assert.True(result.Paired >= 200, "The mix is too small to prove anything.");
    }
}
