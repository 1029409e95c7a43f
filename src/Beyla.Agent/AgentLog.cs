using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

internal static partial class AgentLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Version {Version}, process {ProcessId}")]
    internal static partial void Starting(ILogger logger, string version, int processId);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "No running process is selected yet; waiting for one")]
    internal static partial void WaitingForProcess(ILogger logger);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "Ended: {Captured} exchanges captured, {Exported} exported, {Filtered} filtered, {Sampled} sampled, {Dropped} dropped, {Losses} lost before; spans that the sampler left out: {SampledSpans}, that sinks did not take: {Unexported}, that no collector took: {Undelivered}")]
    internal static partial void Ended(
        ILogger logger, long captured, long exported, long filtered, long sampled, string dropped, string losses, long sampledSpans, long unexported, long undelivered);

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "{Warning}")]
    internal static partial void ConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Not all was seen: {Limitation}")]
    internal static partial void Limitation(ILogger logger, string limitation);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "The resolver does not know this host; it is called {Name}")]
    internal static partial void HostNotResolved(ILogger logger, string name, Exception exception);

    [LoggerMessage(EventId = 13, Level = LogLevel.Error, Message = "{What} can't be exported; the rest goes on without it")]
    internal static partial void CannotExport(ILogger logger, string what, Exception exception);

    [LoggerMessage(EventId = 20, Level = LogLevel.Critical, Message = "Cannot start")]
    internal static partial void CannotStart(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 21, Level = LogLevel.Critical, Message = "The session broke off")]
    internal static partial void BrokeOff(ILogger logger);

    [LoggerMessage(EventId = 22, Level = LogLevel.Error, Message = "Not all spans went out within the shutdown timeout of {Timeout}")]
    internal static partial void StoppedEarly(ILogger logger, TimeSpan timeout);

    [LoggerMessage(EventId = 23, Level = LogLevel.Warning, Message = "The standard output was closed by its reader; {Spans} spans were not printed")]
    internal static partial void OutputClosed(ILogger logger, long spans);

    [LoggerMessage(EventId = 24, Level = LogLevel.Critical, Message = "The run could not be ended in order; what was captured last may be missing")]
    internal static partial void CannotEnd(ILogger logger, Exception exception);
}
