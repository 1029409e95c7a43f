using Beyla.Capture.Uprobes;
using Beyla.Native;
using Microsoft.Extensions.Logging;

namespace Beyla.Capture;

internal static partial class CaptureLog
{
    /// <summary>What libbpf says; it speaks of every relocation at its lowest level, so that is our trace level.</summary>
    public static void Libbpf(ILogger logger, BpfLogLevel level, string text)
    {
        switch (level)
        {
            case BpfLogLevel.Warning:
                LibbpfWarning(logger, text);
                break;
            case BpfLogLevel.Information:
                LibbpfInformation(logger, text);
                break;
            default:
                LibbpfTrace(logger, text);
                break;
        }
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Heads of process {ProcessId} are longer than what is copied of them: {Bytes} bytes are copied from now on")]
    public static partial void HeadsEnlarged(ILogger logger, int processId, int bytes);

    [LoggerMessage(EventId = 210, Level = LogLevel.Information, Message = "Probing {Library} in {File}: {Functions} ({Mode})")]
    public static partial void TlsAttached(ILogger logger, string library, string file, string functions, UprobeMode mode);

    [LoggerMessage(EventId = 211, Level = LogLevel.Information, Message = "No longer probing {Library} in {File}: no observed process uses it")]
    public static partial void TlsDetached(ILogger logger, string library, string file);

    [LoggerMessage(EventId = 212, Level = LogLevel.Error, Message = "The TLS of a process could not be examined")]
    public static partial void TlsExaminationFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "libbpf: {Text}")]
    private static partial void LibbpfWarning(ILogger logger, string text);

    [LoggerMessage(EventId = 202, Level = LogLevel.Debug, Message = "libbpf: {Text}")]
    private static partial void LibbpfInformation(ILogger logger, string text);

    [LoggerMessage(EventId = 203, Level = LogLevel.Trace, Message = "libbpf: {Text}")]
    private static partial void LibbpfTrace(ILogger logger, string text);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "Runs and run times of the BPF programs are not counted: {Reason}")]
    public static partial void NoProgramStatistics(ILogger logger, string reason);

    [LoggerMessage(EventId = 205, Level = LogLevel.Warning, Message = "{Consequence}")]
    public static partial void RightsMissing(ILogger logger, string consequence);
}
