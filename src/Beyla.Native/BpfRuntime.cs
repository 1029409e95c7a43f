using System.Runtime.InteropServices;
using Beyla.Native.Handles;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>
/// The libbpf that this process uses: always the one shipped with this library, found by explicit path, never the
/// system's. It is loaded at first use. All members are thread-safe.
/// </summary>
public static class BpfRuntime
{
    private static readonly Lock Gate = new();
    private static volatile LoadedLibrary? _loaded;
    private static bool _resolverSet;
    private static nint _module;

    /// <summary>Full path of the loaded libbpf.</summary>
    /// <exception cref="BpfLibraryNotFoundException">It is in none of the places searched, or of another version.</exception>
    public static string LibraryPath => EnsureLoaded().Path;

    /// <summary>Version of the loaded libbpf, such as 1.5.</summary>
    /// <exception cref="BpfLibraryNotFoundException">It is in none of the places searched, or of another version.</exception>
    public static Version LibraryVersion => EnsureLoaded().Version;

    /// <summary>Number of CPUs the kernel may ever have: the number of values of a per-CPU map element.</summary>
    /// <exception cref="BpfException">The kernel doesn't tell.</exception>
    public static int PossibleCpus
    {
        get
        {
            EnsureLoaded();
            return BpfException.ThrowIfNegative(LibBpf.libbpf_num_possible_cpus(), "count the possible CPUs of", "this machine");
        }
    }

    /// <summary>
    /// Makes the kernel count runs and run time of every BPF program on the machine until the result is disposed of.
    /// Costs two clock reads a run.
    /// </summary>
    /// <exception cref="BpfException">The kernel refuses; it needs CAP_SYS_ADMIN and Linux 5.8.</exception>
    public static IDisposable EnableStatistics()
    {
        EnsureLoaded();
        var fd = BpfException.ThrowIfNegative(LibBpf.bpf_enable_stats(bpf_stats_type.BPF_STATS_RUN_TIME), "enable", "run statistics");
        return new FileDescriptor(fd);
    }

    internal static LoadedLibrary EnsureLoaded()
    {
        if (_loaded is { } loaded)
        {
            return loaded;
        }

        lock (Gate)
        {
            return _loaded ??= Load();
        }
    }

    private static unsafe LoadedLibrary Load()
    {
        var places = LibBpfPlaces.Of(AppContext.BaseDirectory, AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string, Environment.ProcessPath);
        var path = places.FirstOrDefault(File.Exists) ?? throw BpfLibraryNotFoundException.Nowhere(places);
        if (!NativeLibrary.TryLoad(path, out _module))
        {
            throw BpfLibraryNotFoundException.NotLoadable(path);
        }

        if (!_resolverSet)
        {
            NativeLibrary.SetDllImportResolver(typeof(BpfRuntime).Assembly, static (name, _, _) => name == LibBpf.Library ? _module : 0);
            _resolverSet = true;
        }

        var version = new Version((int)LibBpf.libbpf_major_version(), (int)LibBpf.libbpf_minor_version());
        if (version != LibBpfPlaces.ExpectedVersion)
        {
            throw BpfLibraryNotFoundException.WrongVersion(path, version);
        }

        LibBpfLog.Install();
        return new LoadedLibrary(path, version);
    }

    internal sealed record LoadedLibrary(string Path, Version Version);
}
