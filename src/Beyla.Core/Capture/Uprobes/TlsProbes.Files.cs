using Beyla.Capture.Uprobes.Processes;
using Beyla.Native;
using Microsoft.Extensions.Logging;

namespace Beyla.Capture.Uprobes;

/// <content>What the thread of the probes does.</content>
internal sealed partial class TlsProbes
{
    /// <summary>How long a file stays attached without users: the next short-lived program finds it ready.</summary>
    private const long IdleNanoseconds = 60_000_000_000;

    /// <summary>How long ciphertext is captured after it was last asked for.</summary>
    private const long CiphertextNanoseconds = 5_000_000_000;

    private readonly Dictionary<TlsFileKey, TlsFile> _files = [];
    private readonly Dictionary<TlsFileKey, TlsFile> _ciphertextFiles = [];

    private void Look(TlsProcess process, int look)
    {
        if (_processes.GetValueOrDefault(process.ProcessId) != process)
        {
            return;
        }

        var code = _finder.Find(process.ProcessId);
        var problems = new List<string>();
        var isCovered = false;
        foreach (var target in code.Targets.Where(static target => target.Code.Use == TlsUse.Always))
        {
            isCovered |= TryUse(_files, target, process, problems);
        }

        // What comes all the same is found by the next look, once TLS was seen on a connection.
        if (!isCovered && !code.IsWhole)
        {
            foreach (var target in _finder.FindAhead(process.ProcessId).Where(static target => target.Code.Use == TlsUse.Always))
            {
                TryUse(_files, target, process, problems);
            }
        }

        process.Explanation = string.Join("; ", [code.Explanation, .. problems]);
        if (isCovered)
        {
            process.Coverage = TlsCoverage.Covered;
            Reported?.Invoke(new TlsReport(process.ProcessId, TlsCoverage.Covered, process.Explanation));
        }
        else if (TlsProcess.IsLast(look) && process.Coverage != TlsCoverage.None)
        {
            process.Coverage = TlsCoverage.None;
            Reported?.Invoke(new TlsReport(process.ProcessId, TlsCoverage.None, process.Explanation));
        }
    }

    private bool Inherit(TlsProcess child, int parentId)
    {
        if (!_processes.TryGetValue(parentId, out var parent) || parent.Files.Count == 0)
        {
            return false;
        }

        foreach (var key in parent.Files)
        {
            if (_files.TryGetValue(key, out var file))
            {
                file.Users.Add(child.ProcessId);
                child.Files.Add(key);
            }
        }

        child.Explanation = parent.Explanation;
        Reported?.Invoke(new TlsReport(child.ProcessId, TlsCoverage.Covered, child.Explanation));
        return true;
    }

    /// <returns>Whether plaintext of the process is seen through the target.</returns>
    private bool TryUse(Dictionary<TlsFileKey, TlsFile> files, TlsTarget target, TlsProcess process, List<string> problems)
    {
        var key = new TlsFileKey(target.File, target.Library);
        if (!files.TryGetValue(key, out var file))
        {
            try
            {
                file = new TlsFile(target, _attacher!.Attach(PathOf(target), target.Code.Layout, target.Code.Sites));
            }
            catch (BpfException exception)
            {
                problems.Add($"{target.Name} can't be probed: {exception.Message}");
                return false;
            }

            files.Add(key, file);
            if (_logger.IsEnabled(LogLevel.Information))
            {
                var functions = string.Join(", ", target.Code.Sites.Select(static site => site.Function));
                CaptureLog.TlsAttached(_logger, target.Library, target.Name, functions, _attacher.Mode);
            }
        }

        file.Users.Add(process.ProcessId);
        process.Files.Add(key);
        return target.Code.HasPlaintext;
    }

    // The process may have ended since it was looked at. Then the path that it saw is as good, where it leads to the same file:
    // the next short-lived process finds it ready.
    private static string PathOf(TlsTarget target)
    {
        if (File.Exists(target.Path))
        {
            return target.Path;
        }

        using var opened = OpenedFile.TryOpen(target.Name, out _);
        return opened?.Identity == target.File ? target.Name : target.Path;
    }

    private void AttachCiphertext(TlsProcess process)
    {
        foreach (var target in _finder.Find(process.ProcessId).Targets.Where(static target => target.Code.Use == TlsUse.MemoryBios))
        {
            TryUse(_ciphertextFiles, target, process, []);
        }
    }

    private void Release(TlsProcess process)
    {
        foreach (var key in process.Files)
        {
            foreach (var files in new[] { _files, _ciphertextFiles })
            {
                if (files.TryGetValue(key, out var file) && file.Users.Remove(process.ProcessId) && file.Users.Count == 0)
                {
                    file.IdleSince = MonotonicClock.Now;
                }
            }
        }
    }

    private void KeepHouse(long now)
    {
        foreach (var (key, file) in _files.Where(pair => pair.Value.Users.Count == 0 && now - pair.Value.IdleSince > IdleNanoseconds).ToArray())
        {
            _files.Remove(key);
            Detach(file);
        }

        foreach (var (key, file) in _ciphertextFiles.Where(pair => !pair.Value.Users.Any(pid => WantsCiphertext(pid, now))).ToArray())
        {
            _ciphertextFiles.Remove(key);
            Detach(file);
        }
    }

    private bool WantsCiphertext(int processId, long now) => _processes.TryGetValue(processId, out var process) && process.CiphertextUntil > now;

    private void Detach(TlsFile file)
    {
        file.Dispose();
        CaptureLog.TlsDetached(_logger, file.Target.Library, file.Target.Name);
    }

    private void DetachAll()
    {
        foreach (var file in _files.Values.Concat(_ciphertextFiles.Values))
        {
            file.Dispose();
        }

        _files.Clear();
        _ciphertextFiles.Clear();
    }
}
