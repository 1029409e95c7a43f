using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Capture;

/// <summary>The C server of the fleet as an executable of any name: it listens some milliseconds after its start.</summary>
internal sealed class NamedServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;

    private NamedServer(TemporaryDirectory directory, TargetProcess process, string executable, int port)
    {
        _directory = directory;
        Process = process;
        Executable = executable;
        Port = port;
    }

    public TargetProcess Process { get; }

    public string Executable { get; }

    public int Port { get; }

    /// <summary>Starts it without waiting for anything.</summary>
    public static async Task<NamedServer> LaunchAsync(string name, int port, CancellationToken cancellationToken)
    {
        var directory = new TemporaryDirectory();
        try
        {
            var spec = await Servers.C.PrepareAsync(new LaunchContext(port, directory.File("truth.log"), directory.Path), cancellationToken);
            var executable = directory.File(name);
            File.Copy(spec.Executable, executable);
            return new NamedServer(directory, await TargetProcess.StartAsync(spec with { Executable = executable }), executable, port);
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<NamedServer> StartAsync(string name, CancellationToken cancellationToken)
    {
        var server = await LaunchAsync(name, LocalPort.Free(), cancellationToken);
        try
        {
            await server.Process.WaitForPortAsync(server.Port, TimeSpan.FromSeconds(60), cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _directory.Dispose();
    }
}
