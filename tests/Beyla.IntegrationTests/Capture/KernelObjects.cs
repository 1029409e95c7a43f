using System.Globalization;
using System.Runtime.InteropServices;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Programs, maps, links and types in the kernel by their ids, which are not used again before the machine has made 2^31 of them.</summary>
internal static partial class KernelObjects
{
    private const int NoSuchObject = 2; // ENOENT

    // Line of /proc/PID/fdinfo/FD, and the command of bpf(2) that opens by that id (linux/bpf.h, enum bpf_cmd).
    private static readonly Dictionary<string, int> Kinds = new()
    {
        ["prog_id"] = 13,
        ["map_id"] = 14,
        ["btf_id"] = 19,
        ["link_id"] = 30,
    };

    /// <summary>What the descriptors of a process refer to, as pairs of kind and id.</summary>
    public static IReadOnlySet<(string Kind, uint Id)> HeldBy(int process)
    {
        var held = new HashSet<(string, uint)>();
        foreach (var file in Directory.GetFiles($"/proc/{process}/fdinfo"))
        {
            foreach (var line in Lines(file))
            {
                if (line.Split(':') is [var kind, var id] && Kinds.ContainsKey(kind))
                {
                    held.Add((kind, uint.Parse(id, CultureInfo.InvariantCulture)));
                }
            }
        }

        return held;
    }

    public static bool Exists((string Kind, uint Id) item)
    {
        ReadOnlySpan<uint> attributes = [item.Id, 0, 0];
        var descriptor = Bpf(SystemCall, Kinds[item.Kind], in attributes[0], attributes.Length * sizeof(uint));
        if (descriptor >= 0)
        {
            _ = Close((int)descriptor);
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchObject ? false : throw new InvalidOperationException($"{item} can't be opened: error {error}");
    }

    private static long SystemCall => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 321 : 280;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            // The descriptor was closed meanwhile.
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial long Bpf(long number, int command, in uint attributes, int size);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
