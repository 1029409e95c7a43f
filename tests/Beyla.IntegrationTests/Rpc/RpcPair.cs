using System.Diagnostics;
using System.Globalization;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>A server and a client that has its plan and waits to be let go.</summary>
internal sealed class RpcPair : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly IReadOnlyList<RpcCall> _plan;
    private TargetProcess? _server;
    private TargetProcess? _client;
    private readonly CertificateFiles? _tls;
    private int _gates;

    private RpcPair(IReadOnlyList<RpcCall> plan, bool isSecure)
    {
        _plan = plan;
        _tls = isSecure ? TestCertificate.Write(_directory.Path) : null;
    }

    public int Port { get; } = LocalPort.Free();

    public TargetProcess Server => _server!;

    public TargetProcess Client => _client!;

    private string TruthFile => _directory.File("truth.jsonl");

    public static async Task<RpcPair> StartAsync(RpcKind server, RpcKind client, IReadOnlyList<RpcCall> plan, int workers, CancellationToken cancellationToken, bool isSecure = false)
    {
        var pair = new RpcPair(plan, isSecure);
        try
        {
            await pair.StartAsync(server, client, workers, cancellationToken);
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the client go on to its next gate, or to its end.</summary>
    public async Task GoAsync(CancellationToken cancellationToken)
    {
        _gates++;
        Client.WriteLine("go");
        await WaitAsync(cancellationToken);
    }

    /// <summary>What the client says of the calls that it has made.</summary>
    public IReadOnlyList<RpcTruth> Truth => RpcTruth.Read(TruthFile, _plan);

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _directory.Dispose();
    }

    private async Task StartAsync(RpcKind server, RpcKind client, int workers, CancellationToken cancellationToken)
    {
        var planFile = _directory.File("plan.jsonl");
        await File.WriteAllLinesAsync(planFile, _plan.Select(static call => call.ToLine()), cancellationToken);
        var port = Port.ToString(CultureInfo.InvariantCulture);
        _server = await StartAsync(server, ["server", port, .. _tls is null ? [] : new[] { _tls.Certificate, _tls.Key }], cancellationToken);
        await _server.WaitForPortAsync(Port, StartTime, cancellationToken);
        string[] trusted = _tls is null ? [] : [_tls.Certificate];
        _client = await StartAsync(client, ["client", port, planFile, TruthFile, workers.ToString(CultureInfo.InvariantCulture), .. trusted], cancellationToken);
        await WaitAsync(cancellationToken);
    }

    private static async Task<TargetProcess> StartAsync(RpcKind kind, string[] arguments, CancellationToken cancellationToken)
    {
        var spec = await kind.PrepareAsync(cancellationToken);
        return await TargetProcess.StartAsync(spec with { Arguments = [.. spec.Arguments, .. arguments] });
    }

    /// <summary>Waits until the client stands at its next gate or has ended.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var hasGate = _gates == 0 || _plan.Skip(1).Count(static call => call.Gate) >= _gates;
        if (!hasGate)
        {
            var code = await Client.WaitForExitAsync(cancellationToken);
            Assert.True(code == 0, $"The client ended with {code}:\n{Client.Output}");
            return;
        }

        var watch = Stopwatch.StartNew();
        while (Client.Output.Split("gate").Length - 1 <= _gates)
        {
            Assert.True(watch.Elapsed < StartTime, $"The client did not get to its gate:\n{Client.Output}\n{Server.Output}");
            await Task.Delay(10, cancellationToken);
        }
    }
}
