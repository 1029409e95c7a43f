namespace Beyla.Native.Tests;

/// <summary>What the tests that load BPF programs need.</summary>
internal static class Kernel
{
    /// <summary>Why they can't run here; <see langword="null"/> when they can.</summary>
    internal static string? SkipReason =>
        BpfFeatures.MissingCapabilities.Count > 0 ? $"needs {string.Join(" and ", BpfFeatures.MissingCapabilities)}"
        : !BpfFeatures.HasKernelBtf ? "needs /sys/kernel/btf/vmlinux"
        : Resource("test.bpf.o") is null ? "needs eng/native/build-libbpf.sh to have run before the build"
        : null;

    /// <summary>Opens one of the objects compiled with these tests, or skips the test.</summary>
    internal static BpfObject Open(string file = "test.bpf.o", Action<BpfLogLevel, string>? log = null, BpfLogLevel verbosity = BpfLogLevel.Information)
    {
        Require();
        return BpfObject.Open(Resource(file), file.Split('.')[0], log, verbosity);
    }

    internal static BpfObject Load()
    {
        var opened = Open();
        try
        {
            opened.Load();
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    internal static void Require()
    {
        if (SkipReason is { } reason)
        {
            Assert.Skip(reason);
        }
    }

    /// <summary>Polls, as the kernel frees programs and maps some time after their last reference is gone.</summary>
    internal static bool Eventually(Func<bool> condition, TimeSpan deadline)
    {
        var end = Environment.TickCount64 + (long)deadline.TotalMilliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > end)
            {
                return false;
            }

            Thread.Yield();
        }

        return true;
    }

    private static byte[]? Resource(string file)
    {
        using var stream = typeof(Kernel).Assembly.GetManifestResourceStream(file);
        if (stream is null)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
