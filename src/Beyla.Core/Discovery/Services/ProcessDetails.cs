using System.Text;
using Beyla.Discovery.Proc;
using Beyla.Discovery.Selection;

namespace Beyla.Discovery.Services;

/// <summary>Reads details of processes from <c>/proc</c>.</summary>
internal sealed class ProcessDetails(ProcFs files) : IProcessDetails
{
    private const int MaxWord = 16 * 1024;
    private const long MaxBytes = 256 * 1024;

    private readonly LanguageDetector _languages = new(files);
    private readonly Lock _gate = new();

    public string Language(int pid, ReadOnlySpan<char> path)
    {
        lock (_gate)
        {
            return _languages.Detect(pid, path.ToString());
        }
    }

    public string? Arguments(int pid)
    {
        if (files.Open(pid, "cmdline", out var file) != ProcRead.Ok)
        {
            return null;
        }

        using (file)
        {
            var words = new ProcRecords(file, stackalloc byte[MaxWord], 0, MaxBytes);
            var arguments = new StringBuilder();
            for (var i = 0; words.TryRead(out var word); i++)
            {
                if (i > 0)
                {
                    arguments.Append(i > 1 ? " " : "").Append(Encoding.UTF8.GetString(word));
                }
            }

            return arguments.ToString();
        }
    }
}
