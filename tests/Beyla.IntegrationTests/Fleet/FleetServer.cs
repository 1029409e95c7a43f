using System.Diagnostics;
using System.Net;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>A running server of the fleet.</summary>
internal sealed class FleetServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LogTime = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory;
    private readonly string _truthFile;

    private FleetServer(ServerKind kind, TemporaryDirectory directory, TargetProcess process, LaunchContext context)
    {
        Kind = kind;
        _directory = directory;
        _truthFile = context.TruthFile;
        Process = process;
        Endpoint = new IPEndPoint(IPAddress.Loopback, context.Port);
        CertificateFile = context.Tls?.Certificate;
    }

    public ServerKind Kind { get; }

    public TargetProcess Process { get; }

    /// <summary>What a client has to trust; <see langword="null"/> for plain HTTP.</summary>
    public string? CertificateFile { get; }

    public Uri Url => new($"{(Kind.IsSecure ? "https" : "http")}://{Endpoint}");

    public IPEndPoint Endpoint { get; }

    /// <summary>Path of a file in the server's own directory.</summary>
    public string PathOf(string file) => _directory.File(file);

    /// <summary>Starts a server and waits until it listens. Skips or fails the test when its runtime is missing.</summary>
    public static async Task<FleetServer> StartAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        foreach (var tool in kind.Tools)
        {
            Tooling.Require(tool);
        }

        var directory = new TemporaryDirectory();
        TargetProcess? process = null;
        try
        {
            var context = new LaunchContext(
                LocalPort.Free(), directory.File("truth.log"), directory.Path, kind.IsSecure ? TestCertificate.Write(directory.Path) : null, kind.IsHttp2);
            process = await TargetProcess.StartAsync(await kind.PrepareAsync(context, cancellationToken));
            await process.WaitForPortAsync(context.Port, StartTime, cancellationToken);
            return new FleetServer(kind, directory, process, context);
        }
        catch
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }

            directory.Dispose();
            throw;
        }
    }

    /// <summary>Plays a mix and brings together what both ends know of it.</summary>
    public async Task<FleetRun> PlayAsync(LoadMix mix, CancellationToken cancellationToken)
    {
        var client = await new LoadDriver(Endpoint, Kind.IsSecure).RunAsync(mix, cancellationToken);
        return new FleetRun(client, await WaitForLogAsync(client, cancellationToken));
    }

    /// <summary>Reads the server's log once it has every request that must be in it; what is missing after a while is missing.</summary>
    public async Task<IReadOnlyList<LogEntry>> WaitForLogAsync(IReadOnlyList<TruthRecord> requests, CancellationToken cancellationToken)
    {
        var awaited = requests.Where(static r => !r.Optional).Select(static r => r.Id).ToHashSet(StringComparer.Ordinal);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var log = Kind.ReadLog(_truthFile);
            if (watch.Elapsed > LogTime || awaited.IsSubsetOf(log.Select(static e => e.Id ?? "")))
            {
                return log;
            }

            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>Reads the server's log once it has that many requests, or nothing comes any more.</summary>
    public async Task<IReadOnlyList<LogEntry>> WaitForCountAsync(int requests, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var log = Kind.ReadLog(_truthFile);
            if (watch.Elapsed > LogTime || log.Count >= requests)
            {
                return log;
            }

            await Task.Delay(10, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _directory.Dispose();
    }
}
