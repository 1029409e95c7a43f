using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Table;

namespace Beyla.Agent;

/// <summary>The parsed command line: <c>--flag value</c> or <c>--flag=value</c>; one dash will do.</summary>
internal sealed class CommandLine
{
    private readonly List<ConfiguredValue> _values = [];
    private readonly List<string> _errors = [];

    private CommandLine()
    {
    }

    internal AgentCommand Command { get; private set; }

    /// <summary>The configuration file; <see langword="null"/> when none is named.</summary>
    internal string? ConfigFile { get; private set; }

    /// <summary>Options that were given, as the strongest layer of configuration.</summary>
    internal IReadOnlyList<ConfiguredValue> Values => _values;

    internal IReadOnlyList<string> Errors => _errors;

    internal static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        var first = line.TakeCommand(arguments);
        for (var i = first; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-help" or "-h":
                    line.Command = AgentCommand.Help;
                    break;
                case "--version" or "-version":
                    line.Command = AgentCommand.Version;
                    break;
                default:
                    line.Take(arguments, ref i);
                    break;
            }
        }

        return line;
    }

    /// <returns>Number of arguments that the command takes.</returns>
    private int TakeCommand(IReadOnlyList<string> arguments)
    {
        switch (arguments)
        {
            case ["config", "schema", ..]:
                Command = AgentCommand.ConfigSchema;
                return 2;
            case ["config", ..]:
                Command = AgentCommand.Config;
                return 1;
            default:
                return 0;
        }
    }

    private void Take(IReadOnlyList<string> arguments, ref int index)
    {
        var argument = arguments[index];
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        // Go's programs take flags with one dash or two.
        name = name is ['-', not '-', ..] ? "-" + name : name;
        var option = AgentOptionTable.All.FirstOrDefault(option => option.Flag == name);
        if (option is null && name != Configuration.ConfigFile.Flag)
        {
            _errors.Add($"'{argument}' is not understood; --help lists what is.");
            return;
        }

        var value = equals >= 0 ? argument[(equals + 1)..]
            : index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++index]
            : "";
        if (string.IsNullOrWhiteSpace(value))
        {
            _errors.Add($"{name} needs a value: {name} {option?.Word ?? "FILE"}.");
        }
        else if (option is null)
        {
            ConfigFile = value;
        }
        else
        {
            _values.Add(new(option, name, value.Trim(), option.Apply));
        }
    }
}
