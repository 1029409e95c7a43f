namespace Beyla.Capture;

/// <summary>The compiled BPF programs that travel inside this assembly.</summary>
internal static class BpfObjects
{
    private const string ResourceName = "beyla.bpf.o";

    public static byte[] Read()
    {
        using var stream = typeof(BpfObjects).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new BeylaStartException(
                "This build of Beyla.Core carries no BPF programs, because clang was missing when it was built. Install clang and llvm (Debian: apt-get install clang-19 llvm-19) and build again, or use the released package.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
