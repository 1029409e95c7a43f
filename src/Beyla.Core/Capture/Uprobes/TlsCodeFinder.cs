using System.Collections.Immutable;
using System.Globalization;
using Beyla.Capture.Uprobes.Elf;
using Beyla.Capture.Uprobes.Processes;
using Beyla.Capture.Uprobes.Providers;
using Beyla.Discovery.Proc;

namespace Beyla.Capture.Uprobes;

/// <summary>
/// Finds the TLS code of processes. What was found in a file is kept for the next process that maps it; files are opened for
/// the look only. For one thread.
/// </summary>
/// <param name="files">Where processes are read.</param>
internal sealed class TlsCodeFinder(ProcFs files)
{
    private const int MaxFiles = 4096;

    // Where the dynamic linkers of Debian, Red Hat, Alpine and their relatives look.
    private static readonly string[] LibraryFolders = ["/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib", "/lib", "/usr/local/lib"];
    private static readonly string[] LibraryNames = ["libssl.so.3", "libssl.so.1.1", "libgnutls.so.30"];

    private readonly Dictionary<(FileIdentity File, bool IsExecutable), ImmutableArray<TlsLibraryCode>> _known = [];

    /// <summary>Looks at what a process has mapped now.</summary>
    internal TlsCode Find(int pid)
    {
        var mapped = new List<MappedFile>();
        if (ProcessMaps.Read(files, pid, mapped) is var answer and not ProcRead.Ok)
        {
            return new TlsCode([], answer switch
            {
                ProcRead.Gone => "the process is gone",
                ProcRead.Denied => "its memory map can't be read: rights are missing",
                _ => "its memory map can't be read",
            });
        }

        using var executable = OpenExecutable(pid);
        var targets = ImmutableArray.CreateBuilder<TlsTarget>();
        var explanations = new List<string>();
        var isWhole = false;
        foreach (var file in mapped)
        {
            using var opened = Open(file);
            if (opened is null)
            {
                continue;
            }

            foreach (var code in Examine(opened, isExecutable: opened.Identity == executable?.Identity))
            {
                isWhole |= code.IsWhole;
                explanations.Add($"{code.Library}: {file.Path} {code.Explanation}");
                if (!code.Sites.IsEmpty)
                {
                    targets.Add(new TlsTarget(code, opened.Identity, opened.Path, file.Path));
                }
            }
        }

        return new TlsCode(targets.ToImmutable(), explanations.Count == 0 ? "no TLS library is known in it" : string.Join("; ", explanations), isWhole);
    }

    /// <summary>
    /// Looks for the TLS libraries that a process would load by their usual names. A program loads its library just before it
    /// first uses it: probes have to be there by then. A statically linked program loads none; what is probed for it would cost
    /// every other program that uses the library.
    /// </summary>
    internal ImmutableArray<TlsTarget> FindAhead(int pid)
    {
        using var executable = OpenExecutable(pid);
        if (executable is not null && IsStatic(executable))
        {
            return [];
        }

        var targets = ImmutableArray.CreateBuilder<TlsTarget>();
        var seen = new HashSet<FileIdentity>();
        foreach (var folder in LibraryFolders)
        {
            foreach (var name in LibraryNames)
            {
                using var opened = OpenedFile.TryOpen(string.Create(CultureInfo.InvariantCulture, $"{files.Root}/{pid}/root{folder}/{name}"), out _);
                if (opened is null || !seen.Add(opened.Identity))
                {
                    continue;
                }

                targets.AddRange(Examine(opened, isExecutable: false)
                    .Where(static code => !code.Sites.IsEmpty)
                    .Select(code => new TlsTarget(code, opened.Identity, opened.Path, $"{folder}/{name}")));
            }
        }

        return targets.ToImmutable();
    }

    private static bool IsStatic(OpenedFile executable)
    {
        try
        {
            return ElfImage.TryRead(executable.Bytes(), out _) is { Segments.IsEmpty: false } image
                && !image.Segments.ToArray().Any(static segment => segment.Type == ElfSegment.Interpreter);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private OpenedFile? OpenExecutable(int pid) => OpenedFile.TryOpen(string.Create(CultureInfo.InvariantCulture, $"{files.Root}/{pid}/exe"), out _);

    private OpenedFile? Open(MappedFile file)
    {
        if (OpenedFile.TryOpen($"{files.Root}/{file.Link}", out _) is { } linked)
        {
            return linked;
        }

        var opened = OpenedFile.TryOpen($"{files.Root}/{file.InRoot}", out _);
        if (opened is null || opened.Identity.Inode == file.Inode)
        {
            return opened;
        }

        opened.Dispose();
        return null;
    }

    private ImmutableArray<TlsLibraryCode> Examine(OpenedFile file, bool isExecutable)
    {
        var key = (file.Identity, isExecutable);
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        if (_known.Count >= MaxFiles)
        {
            _known.Clear();
        }

        try
        {
            known = TlsProviders.Find(file.Bytes(), isExecutable);
        }
        catch (IOException)
        {
            // As good as absent: nothing can be attached to a file that can't be read.
            known = [];
        }

        _known.Add(key, known);
        return known;
    }
}
