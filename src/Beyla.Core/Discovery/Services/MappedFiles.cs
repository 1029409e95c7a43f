using Beyla.Discovery.Proc;

namespace Beyla.Discovery.Services;

/// <summary>What the names of the files that a process has mapped tell about its language.</summary>
/// <param name="Runtime">The language whose runtime library is mapped; decisive.</param>
/// <param name="Interpreter">The language that a mapped file is named for.</param>
/// <param name="HasPhp">Whether any path contains <c>php</c>.</param>
/// <param name="HasCppLibrary">Whether a C++ standard library is mapped.</param>
internal readonly record struct MappedFiles(string? Runtime, string? Interpreter, bool HasPhp, bool HasCppLibrary)
{
    private const long MaxBytes = 4 * 1024 * 1024;
    private const int LineBuffer = 8 * 1024;

    internal static MappedFiles Read(ProcFs files, int pid)
    {
        var found = default(MappedFiles);
        if (files.Open(pid, "maps", out var file) != ProcRead.Ok)
        {
            return found;
        }

        using (file)
        {
            var lines = new ProcRecords(file, stackalloc byte[LineBuffer], (byte)'\n', MaxBytes);
            while (found.Runtime is null && lines.TryRead(out var line))
            {
                // The path is the only field with slashes; what follows its first one belongs to it.
                var slash = line.IndexOf((byte)'/');
                if (slash >= 0)
                {
                    found = found.With(line[slash..]);
                }
            }
        }

        return found;
    }

    private MappedFiles With(ReadOnlySpan<byte> path)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        return this with
        {
            Runtime = RuntimeOf(name),
            Interpreter = Interpreter ?? InterpreterOf(name),
            HasPhp = HasPhp || path.IndexOf("php"u8) >= 0,
            HasCppLibrary = HasCppLibrary || name.StartsWith("libstdc++"u8) || name.StartsWith("libc++"u8),
        };
    }

    private static string? RuntimeOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("libcoreclr.so"u8) ? Language.DotNet
        : name.SequenceEqual("libjvm.so"u8) ? Language.Java
        : name.StartsWith("libpython3"u8) ? Language.Python
        : name.StartsWith("libruby"u8) ? Language.Ruby
        : null;

    private static string? InterpreterOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("node"u8) || name.SequenceEqual("deno"u8) ? Language.NodeJs
        : name.StartsWith("ruby"u8) ? Language.Ruby
        : name.StartsWith("python"u8) ? Language.Python
        : null;
}
