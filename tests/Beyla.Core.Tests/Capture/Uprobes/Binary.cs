using System.Diagnostics;
using Beyla.Capture.Uprobes.Elf;

namespace Beyla.Core.Tests.Capture.Uprobes;

/// <summary>Binaries of this machine and the tools that tell the truth about them.</summary>
internal static class Binary
{
    internal const string LibSsl = "/usr/lib/x86_64-linux-gnu/libssl.so.3";

    internal static ElfImage Open(string path)
    {
        var image = ElfImage.TryRead(new MemoryByteSource(File.ReadAllBytes(path)), out var problem);
        Assert.Null(problem);
        return image!;
    }

    /// <summary>The lines that a command prints.</summary>
    internal static string[] Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
