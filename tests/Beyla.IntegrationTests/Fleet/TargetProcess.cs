using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>A child process that is observed. It ends with this object, and with the test process however that ends.</summary>
internal sealed partial class TargetProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int OutputLimit = 64 * 1024;
    private static readonly Tool SetPriv = new("setpriv", "util-linux");
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private TargetProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Id of the program itself: what starts it replaces itself by it.</summary>
    public int Id => _process.Id;

    /// <summary>First lines of its standard output and error.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static async Task<TargetProcess> StartAsync(ProcessSpec spec)
    {
        var start = new ProcessStartInfo(Tooling.Require(SetPriv))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = spec.WorkingDirectory ?? "",
        };
        foreach (var argument in (string[])["--pdeathsig", spec.DeathSignal, "--", spec.Executable, .. spec.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        return new TargetProcess(await ProcessLauncher.StartAsync(start));
    }

    /// <summary>Waits until something listens on the port; it does not connect, so that the server's first connection is the load's.</summary>
    /// <exception cref="InvalidOperationException">The process ended instead.</exception>
    /// <exception cref="TimeoutException">Nothing listens.</exception>
    public async Task WaitForPortAsync(int port, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!LocalPort.IsListening(port))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The process ended with {_process.ExitCode} before it listened on {port}:\n{Output}");
            }

            if (watch.Elapsed > timeout)
            {
                throw new TimeoutException($"Nothing listens on {port} after {timeout}:\n{Output}");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Writes a line to its standard input.</summary>
    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for a program that ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Asks the process to end, and kills it if it does not.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
        {
            return;
        }

        // The child is not reaped before Process has seen it exit, so the id can't belong to somebody else yet.
        _ = Kill(_process.Id, SigTerm);
        using var timeout = new CancellationTokenSource(StopTime);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Ends the process, not its children, without asking it.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Length < OutputLimit)
            {
                _output.AppendLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
