using Beyla.Agent.Configuration;

namespace Beyla.Agent;

/// <summary>The parsed command line: <c>--flag value</c> or <c>--flag=value</c>.</summary>
internal sealed class CommandLine
{
    private readonly List<ConfiguredValue> _values = [];
    private readonly List<string> _errors = [];

    private CommandLine()
    {
    }

    internal bool Help { get; private set; }

    internal bool Version { get; private set; }

    /// <summary>Options that were given, as the strongest layer of configuration.</summary>
    internal IReadOnlyList<ConfiguredValue> Values => _values;

    internal IReadOnlyList<string> Errors => _errors;

    internal static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    line.Help = true;
                    break;
                case "--version":
                    line.Version = true;
                    break;
                default:
                    line.Take(arguments, ref i);
                    break;
            }
        }

        return line;
    }

    private void Take(IReadOnlyList<string> arguments, ref int index)
    {
        var argument = arguments[index];
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        if (AgentOptionTable.All.FirstOrDefault(option => option.Flag == name) is not { } option)
        {
            _errors.Add($"'{argument}' is not understood; --help lists what is.");
            return;
        }

        var value = equals >= 0 ? argument[(equals + 1)..]
            : index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++index]
            : "";
        if (string.IsNullOrWhiteSpace(value))
        {
            _errors.Add($"{name} needs a value: {name} {option.Value}.");
            return;
        }

        _values.Add(new(option, name, value.Trim()));
    }
}
