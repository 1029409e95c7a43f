using Microsoft.Extensions.Logging;

namespace Beyla;

internal static partial class SessionLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Capturing with {Description}")]
    public static partial void Started(ILogger logger, string description);

    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "Stopped after {Captured} exchanges; nothing is left in the kernel")]
    public static partial void Stopped(ILogger logger, long captured);

    [LoggerMessage(EventId = 102, Level = LogLevel.Critical, Message = "The reader broke off; the session has detached and sees nothing more")]
    public static partial void ReaderFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 110, Level = LogLevel.Information, Message = "Observing process {ProcessId} ({Executable}) as service {Service}, language {Language}: {Hooks}; {Why}")]
    public static partial void Attached(ILogger logger, int processId, string executable, string service, string language, string hooks, string why);

    [LoggerMessage(EventId = 111, Level = LogLevel.Warning, Message = "Not observing process {ProcessId} ({Executable}): {Why}")]
    public static partial void Skipped(ILogger logger, int processId, string executable, string why);

    [LoggerMessage(EventId = 113, Level = LogLevel.Information, Message = "TLS of process {ProcessId} ({Executable}) is observed: {How}")]
    public static partial void TlsObserved(ILogger logger, int processId, string executable, string how);

    [LoggerMessage(EventId = 114, Level = LogLevel.Warning, Message = "TLS of process {ProcessId} ({Executable}) can't be observed, its spans are missing: {Why}")]
    public static partial void TlsNotObserved(ILogger logger, int processId, string executable, string why);

    [LoggerMessage(EventId = 112, Level = LogLevel.Debug, Message = "Process {ProcessId} ({Executable}) ended")]
    public static partial void Exited(ILogger logger, int processId, string executable);

    [LoggerMessage(EventId = 120, Level = LogLevel.Error, Message = "{Failure}")]
    public static partial void ExporterFailed(ILogger logger, Exception exception, string failure);
}
