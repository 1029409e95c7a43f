using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Beyla.Native.Interop;

namespace Beyla.Native;

/// <summary>
/// What libbpf says during one call. libbpf has one print function for the whole process and calls it on the calling
/// thread, so the listener is per thread. Lines are kept and handed to the user's callback after the call: no user code
/// runs, and no exception passes, through native frames.
/// </summary>
internal sealed unsafe class LibBpfLog
{
    private const int WarningsKept = 8;
    private const string VerifierBegin = "-- BEGIN PROG LOAD LOG --\n";
    private const string VerifierEnd = "-- END PROG LOAD LOG --";

    [ThreadStatic]
    private static LibBpfLog? _listening;

    private readonly Action<BpfLogLevel, string>? _callback;
    private readonly BpfLogLevel _verbosity;
    private readonly List<(BpfLogLevel Level, string Line)> _lines = [];
    private readonly Queue<string> _warnings = new();

    internal LibBpfLog(Action<BpfLogLevel, string>? callback, BpfLogLevel verbosity)
    {
        _callback = callback;
        _verbosity = callback is null ? BpfLogLevel.Warning : verbosity;
    }

    /// <summary>What the verifier said about the program it refused; <see langword="null"/> when it refused none.</summary>
    internal string? VerifierLog { get; private set; }

    /// <summary>The last warnings, newest last, one a line.</summary>
    internal string Warnings => string.Join('\n', _warnings);

    internal static void Install() => LibBpf.libbpf_set_print(&Print);

    /// <summary>Listens on this thread until the result is disposed of, which hands the lines on.</summary>
    internal Scope Listen() => new(this);

    internal readonly ref struct Scope
    {
        private readonly LibBpfLog _log;
        private readonly LibBpfLog? _outer;

        internal Scope(LibBpfLog log)
        {
            _log = log;
            _outer = _listening;
            _listening = log;
        }

        public void Dispose()
        {
            _listening = _outer;
            foreach (var (level, line) in _log._lines)
            {
                _log._callback?.Invoke(level, line);
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(libbpf_print_level level, byte* format, void* arguments)
    {
        if (_listening is not { } log || (BpfLogLevel)level > log._verbosity)
        {
            return 0;
        }

        log.Add((BpfLogLevel)level, Format(format, arguments));
        return 0;
    }

    private void Add(BpfLogLevel level, string text)
    {
        var begin = text.IndexOf(VerifierBegin, StringComparison.Ordinal);
        if (begin >= 0)
        {
            begin += VerifierBegin.Length;
            var end = text.LastIndexOf(VerifierEnd, StringComparison.Ordinal);
            VerifierLog = text[begin..(end < begin ? text.Length : end)];
            return;
        }

        var line = text.StartsWith("libbpf: ", StringComparison.Ordinal) ? text["libbpf: ".Length..].TrimEnd() : text.TrimEnd();
        if (level == BpfLogLevel.Warning)
        {
            _warnings.Enqueue(line);
            if (_warnings.Count > WarningsKept)
            {
                _warnings.Dequeue();
            }
        }

        if (_callback is not null)
        {
            _lines.Add((level, line));
        }
    }

    private static string Format(byte* format, void* arguments)
    {
        // A verifier log can be megabytes, and a va_list can be walked only once. Its words (24 bytes on x86-64, 32 on arm64)
        // lie in the caller's frame, so a copy of them is a va_copy.
        const int ListWords = 4;
        const int Usual = 1024;
        var list = stackalloc nuint[ListWords];
        new ReadOnlySpan<nuint>(arguments, ListWords).CopyTo(new Span<nuint>(list, ListWords));
        var buffer = stackalloc byte[Usual];
        var length = LibC.vsnprintf(buffer, Usual, format, list);
        if (length < Usual)
        {
            return Encoding.UTF8.GetString(buffer, Math.Max(length, 0));
        }

        var large = new byte[length + 1];
        fixed (byte* to = large)
        {
            length = LibC.vsnprintf(to, (nuint)large.Length, format, arguments);
            return Encoding.UTF8.GetString(to, Math.Clamp(length, 0, large.Length - 1));
        }
    }
}
