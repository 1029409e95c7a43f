using Beyla.Capture.Uprobes.Elf;
using Beyla.Discovery.Proc;

namespace Beyla.Discovery.Services;

/// <summary>
/// Tells a process's language by what it has mapped and by its executable. Before a process has loaded its runtime the
/// answer may be less than the truth, see <see cref="IsFinal"/>. For one thread.
/// </summary>
internal sealed class LanguageDetector(ProcFs files)
{
    private const int MaxExecutables = 512;

    private readonly Dictionary<(string Path, long Length, DateTime Written), string?> _executables = [];

    /// <summary>Whether no later look at the process can tell better.</summary>
    internal static bool IsFinal(string language) => language is not (Language.Generic or Language.Cpp);

    internal string Detect(int pid, string path)
    {
        var mapped = MappedFiles.Read(files, pid);
        return mapped.Runtime
            ?? OfExecutable(pid, path)
            ?? mapped.Interpreter
            ?? (mapped.HasPhp || path.Contains("php", StringComparison.Ordinal) ? Language.Php : null)
            ?? (mapped.HasCppLibrary ? Language.Cpp : Language.Generic);
    }

    private string? OfExecutable(int pid, string path)
    {
        try
        {
            using var file = files.OpenExecutable(pid);
            if (file is null)
            {
                return null;
            }

            // Containers may have different files under one path: length and time keep them apart as a rule, and a
            // build of the same tool in another version is the same language anyway.
            var key = (path, file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
            if (!_executables.TryGetValue(key, out var language))
            {
                if (_executables.Count >= MaxExecutables)
                {
                    _executables.Clear();
                }

                language = ElfLanguage.Detect(new FileByteSource(file.SafeFileHandle));
                _executables.Add(key, language);
            }

            return language;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
