using System.Globalization;
using System.Text;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every release of a TLS library whose structures or calls differ is seen; so is one that the machine's own files do not have.</summary>
[Trait("kind", "capture")]
public sealed class SecureReleaseTests(ITestOutputHelper output)
{
    private const int Requests = 30;
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("3.5")]
    [InlineData("sid")]
    public Task Requests_through_a_release_of_OpenSSL_are_seen(string release) => SeesEveryRequestAsync(Servers.OpenSsl(release));

    [Theory]
    [InlineData("1.15")]
    [InlineData("1.24")]
    [InlineData("1.27")]
    public Task Requests_through_a_release_of_Go_are_seen(string release) => SeesEveryRequestAsync(Servers.GoOf(release));

    [Fact]
    public Task Requests_through_a_library_that_was_deleted_are_seen() => SeesEveryRequestAsync(Servers.WithDeletedLibrary, "libssl.so.3", "libcrypto.so.3");

    private async Task SeesEveryRequestAsync(ServerKind kind, params string[] deleted)
    {
        await using var server = await FleetServer.StartAsync(kind, Cancellation);
        foreach (var file in deleted)
        {
            File.Delete(server.PathOf(file));
        }

        await using var observer = await Observer.OfPortAsync(server.Endpoint.Port, output, Cancellation);
        var asked = new List<(int Port, string Path)>();
        for (var i = 0; i < Requests; i++)
        {
            using var connection = await HttpConnection.ConnectAsync(server.Endpoint, isSecure: true, Cancellation);
            var path = string.Create(CultureInfo.InvariantCulture, $"/asked/{i}");
            await connection.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancellation);
            Assert.Equal(200, (await connection.Reader.ReadHeadAsync(Cancellation)).Status);
            asked.Add((connection.LocalPort, path));
        }

        var spans = await observer.SpansOfAsync(server.Endpoint.Port, Requests, Cancellation);
        output.WriteLine(observer.Describe());
        Assert.Equal(
            asked.Select(static request => (SpanKind.Server, "https", request.Port, request.Path, (int?)200)).Order(),
            spans.Select(static span => (span.Kind, span.Scheme, span.Source.Port, span.Path!, span.StatusCode)).Order());
        // The ClientHello of each session was found where the library keeps it, and went over the socket that the session used.
        Assert.DoesNotContain(observer.Session.GetStatistics().Unfollowed, static drop => drop.Reason.StartsWith("tls_", StringComparison.Ordinal));
    }
}
