namespace Beyla.Native;

/// <summary>The libbpf that belongs to this library was not found, could not be loaded, or is of another version.</summary>
public sealed class BpfLibraryNotFoundException : BpfException
{
    private BpfLibraryNotFoundException(string objectName, string hint, IReadOnlyList<string> places)
        : base("load the native library", objectName, errno: 0, hint)
    {
        Places = places;
    }

    /// <summary>Full paths that were looked at, in order.</summary>
    public IReadOnlyList<string> Places { get; }

    internal static BpfLibraryNotFoundException Nowhere(IReadOnlyList<string> places) =>
        new(LibBpfPlaces.FileName,
            "It comes with the package Beyla.Native for linux-x64 (glibc); in a clone of the repository run eng/native/build-libbpf.sh and "
            + $"build again. Searched:\n  {string.Join("\n  ", places)}", places);

    internal static BpfLibraryNotFoundException NotLoadable(string path) =>
        new(path, "The file is there but the dynamic linker refuses it: it is built for linux-x64 and glibc 2.28 or newer.", [path]);

    internal static BpfLibraryNotFoundException WrongVersion(string path, Version found) =>
        new(path, $"It is version {found}, and {LibBpfPlaces.ExpectedVersion} is needed: put the file of the package Beyla.Native there.", [path]);
}
