using Beyla.Agent.Configuration;
using Beyla.Agent.Logging;
using Microsoft.Extensions.Logging;

namespace Beyla.Agent;

/// <summary>The program without its process: what it reads, prints and answers with is given and returned.</summary>
internal sealed class AgentProgram(
    TextWriter output,
    TextWriter error,
    Func<AgentSettings, AgentOutputs, ILoggerFactory, IInstrumentationSession> createSession,
    TimeProvider timeProvider)
{
    internal const int Success = 0;
    internal const int Failed = 1;

    /// <summary>Beyla ends with −1 on wrong options, which the shell sees as 255.</summary>
    internal const int WrongOptions = 255;

    internal async Task<int> RunAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken stop)
    {
        var commandLine = CommandLine.Parse(arguments);
        if (commandLine.Errors.Count > 0)
        {
            return Refuse(commandLine.Errors);
        }

        if (commandLine.Help || commandLine.Version)
        {
            await output.WriteAsync(commandLine.Help ? HelpText.Write() : VersionText.Write());
            return Success;
        }

        var loaded = SettingsLoader.Load(environment, commandLine.Values);
        if (loaded.Errors.Count > 0)
        {
            return Refuse(loaded.Errors);
        }

        if (!loaded.Settings.SelectsSomething)
        {
            var refused = Refuse(["Nothing is selected: name a port with --open-port or an executable with --executable-name."]);
            await error.WriteAsync(HelpText.Write());
            return refused;
        }

        using var loggers = new LoggerFactory(
            [new LineLoggerProvider(error, timeProvider, loaded.Settings.LogLevel)],
            new LoggerFilterOptions { MinLevel = loaded.Settings.LogLevel });
        var logger = loggers.CreateLogger("beyla");
        AgentLog.Starting(logger, VersionText.Agent, Environment.ProcessId);
        foreach (var warning in loaded.Warnings)
        {
            AgentLog.ConfigurationWarning(logger, warning);
        }

        return await new AgentRun(loaded.Settings, createSession, loggers, logger, timeProvider).RunAsync(stop);
    }

    private int Refuse(IEnumerable<string> errors)
    {
        foreach (var message in errors)
        {
            error.WriteLine($"beyla: {message}");
        }

        return WrongOptions;
    }
}
