using System.Globalization;
using System.Net;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>A running server that behaves in one way of those in Servers/README.md.</summary>
internal sealed class OddServer : IAsyncDisposable
{
    private static readonly Tool Python = new("/usr/bin/python3", "python3");
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private OddServer(TargetProcess process, int port)
    {
        Process = process;
        Endpoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    public TargetProcess Process { get; }

    public int Port => Endpoint.Port;

    public IPEndPoint Endpoint { get; }

    /// <summary>Starts a server and waits until it listens.</summary>
    public static async Task<OddServer> StartAsync(string behaviour, CancellationToken cancellationToken, params IReadOnlyList<string> arguments)
    {
        var server = await LaunchAsync(LocalPort.Free(), behaviour, arguments);
        try
        {
            await server.WaitForPortAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server that may or may not listen yet.</summary>
    public static async Task<OddServer> LaunchAsync(int port, string behaviour, params IReadOnlyList<string> arguments) => new(
        await TargetProcess.StartAsync(new ProcessSpec(
            Tooling.Require(Python), [FleetFiles.Source("Servers/odd/odd.py"), behaviour, port.ToString(CultureInfo.InvariantCulture), .. arguments])),
        port);

    public Task WaitForPortAsync(CancellationToken cancellationToken) => Process.WaitForPortAsync(Port, StartTime, cancellationToken);

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
