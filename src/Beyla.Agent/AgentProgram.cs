using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Settings;
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
            Tell(commandLine.Errors);
            return WrongOptions;
        }

        switch (commandLine.Command)
        {
            case AgentCommand.Help:
                return await PrintAsync(HelpText.Write());
            case AgentCommand.Version:
                return await PrintAsync(VersionText.Write());
            case AgentCommand.ConfigSchema:
                return await PrintAsync(EffectiveConfiguration.Schema());
        }

        var loaded = SettingsLoader.Load(environment, commandLine.Values, commandLine.ConfigFile);
        if (loaded.Errors.Count > 0)
        {
            return Refuse(loaded, loaded.Errors);
        }

        if (commandLine.Command == AgentCommand.Config)
        {
            Tell(loaded.Warnings);
            return await PrintAsync(EffectiveConfiguration.ToYaml(loaded));
        }

        if (loaded.Missing.Count > 0)
        {
            var refused = Refuse(loaded, loaded.Missing);
            await error.WriteAsync(HelpText.Usage);
            return refused;
        }

        return await RunAsync(loaded, stop);
    }

    private async Task<int> RunAsync(LoadedSettings loaded, CancellationToken stop)
    {
        var settings = loaded.Settings;
        using var loggers = new LoggerFactory(
            [new LineLoggerProvider(error, timeProvider, settings.LogLevel, settings.LogFormat)],
            new LoggerFilterOptions { MinLevel = settings.LogLevel });
        var logger = loggers.CreateLogger("beyla");
        AgentLog.Starting(logger, VersionText.Agent, Environment.ProcessId);
        foreach (var warning in loaded.Warnings)
        {
            AgentLog.ConfigurationWarning(logger, warning);
        }

        if (settings.ConfigDump != ConfigDump.None)
        {
            await error.WriteAsync(settings.ConfigDump == ConfigDump.Yaml ? EffectiveConfiguration.ToYaml(loaded) : EffectiveConfiguration.ToJson(loaded) + Environment.NewLine);
        }

        return await new AgentRun(settings, createSession, loggers, logger, timeProvider).RunAsync(stop);
    }

    private async Task<int> PrintAsync(string text)
    {
        await output.WriteAsync(text);
        return Success;
    }

    // What has no effect, such as a misspelt variable, is often the cause of what is wrong.
    private int Refuse(LoadedSettings loaded, IEnumerable<string> errors)
    {
        Tell(loaded.Warnings);
        Tell(errors);
        return WrongOptions;
    }

    private void Tell(IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences)
        {
            error.WriteLine($"beyla: {sentence}");
        }
    }
}
