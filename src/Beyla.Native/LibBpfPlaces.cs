using System.Runtime.InteropServices;

namespace Beyla.Native;

/// <summary>Where the shipped libbpf may be. The system's own directories are left out on purpose: their version is anyone's guess.</summary>
internal static class LibBpfPlaces
{
    internal const string FileName = "libbpf.so.1";

    /// <summary>The layouts of the option structs are those of this version.</summary>
    internal static readonly Version ExpectedVersion = new(1, 5);

    /// <summary>Full paths in the order in which they are tried.</summary>
    /// <param name="baseDirectory">Where the application's assemblies are.</param>
    /// <param name="nativeSearchDirectories">
    /// The host's list, separated by colons: it has the package's folder when an application runs without being published.
    /// </param>
    /// <param name="processPath">The executable: a single-file application may have its native files beside it.</param>
    internal static IReadOnlyList<string> Of(string baseDirectory, string? nativeSearchDirectories, string? processPath)
    {
        List<string> directories = [baseDirectory, Path.Combine(baseDirectory, "runtimes", RuntimeIdentifier, "native")];
        directories.AddRange((nativeSearchDirectories ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        if (Path.GetDirectoryName(processPath) is { Length: > 0 } beside)
        {
            directories.Add(beside);
            directories.Add(Path.Combine(beside, "runtimes", RuntimeIdentifier, "native"));
        }

        return [.. directories.Select(static d => Path.GetFullPath(Path.Combine(d, FileName))).Distinct()];
    }

    private static string RuntimeIdentifier => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
}
