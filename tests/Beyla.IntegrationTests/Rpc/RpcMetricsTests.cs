using System.Text.RegularExpressions;
using Beyla.Discovery;
using Beyla.Exporters.Prometheus;
using Beyla.IntegrationTests.Capture;
using Beyla.IntegrationTests.Fleet;
using Beyla.Protocols.Grpc;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>The page for Prometheus says of calls between real libraries how many there were, of which method, and how they ended.</summary>
[Trait("kind", "capture")]
public sealed partial class RpcMetricsTests(ITestOutputHelper output)
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("go", "python", false)]
    [InlineData("dotnet", "node", true)]
    public async Task Every_call_is_in_the_metrics_of_both_ends(string server, string client, bool isSecure)
    {
        Root.Require();
        await using var pair = await RpcPair.StartAsync(RpcKinds.Named(server), RpcKinds.Named(client), RpcPlans.Mixed, workers: 8, Cancellation, isSecure);
        var port = LocalPort.Free();
        await using var session = InstrumentationSession.CreateBuilder()
            .Configure(options =>
            {
                options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { pair.Client.Id }, ServiceName = "caller" });
                options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(pair.Port), ServiceName = "callee" });
            })
            .AddExporter(new PrometheusExporter(new() { Port = port }))
            .Build();
        await session.StartAsync(Cancellation);
        await pair.GoAsync(Cancellation);
        await Poll.UntilAsync(() => session.GetStatistics().Captured == 2 * RpcPlans.Mixed.Count, () => $"{session.GetStatistics()}", Cancellation);

        using var http = new HttpClient();
        var page = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"), Cancellation);
        string[] ofServer = Counts(page, "rpc_server_call_duration_seconds", "callee");
        string[] ofClient = Counts(page, "rpc_client_call_duration_seconds", "caller");
        output.WriteLine(string.Join('\n', ofServer));

        // What the server does not know has a name that its caller made up.
        Assert.Equal(Expected(pair.Truth, pair.Port, static call => call.Status == 12 ? "_OTHER" : call.Method), ofServer);
        Assert.Equal(Expected(pair.Truth, pair.Port, static call => call.Method), ofClient);
        Assert.DoesNotContain("http_server_request_duration", page, StringComparison.Ordinal);
    }

    private static string[] Expected(IReadOnlyList<RpcTruth> truth, int port, Func<RpcTruth, string> method) =>
    [
        .. truth.GroupBy(call => (Method: method(call), call.Status))
            .Select(same => $"rpc_method={same.Key.Method} rpc_response_status_code={GrpcStatusNames.Of(same.Key.Status)} rpc_system_name=grpc server_address=127.0.0.1 server_port={port} {same.Count()}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Labels, but those of the service, and value of each series of a histogram's count.</summary>
    private static string[] Counts(string page, string metric, string service) =>
    [
        .. page.Split('\n').Where(line => line.StartsWith($"{metric}_count{{", StringComparison.Ordinal)).Select(line =>
        {
            var labels = Label().Matches(line).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value, StringComparer.Ordinal);
            Assert.Equal(service, labels["service_name"]);
            string[] own = ["service_name", "service_namespace", "job", "instance"];
            var rest = labels.Where(label => !own.Contains(label.Key)).OrderBy(static label => label.Key, StringComparer.Ordinal).Select(static label => $"{label.Key}={label.Value}");
            return $"{string.Join(' ', rest)} {line[(line.LastIndexOf(' ') + 1)..].Split('.')[0]}";
        }).Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}
