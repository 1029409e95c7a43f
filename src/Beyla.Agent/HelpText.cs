using System.Text;
using Beyla.Agent.Configuration;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent;

/// <summary>The help, made of the table of options.</summary>
internal static class HelpText
{
    internal const string Usage =
        """
        Observes HTTP, HTTPS, HTTP/2 and gRPC of processes on this machine without touching them, by eBPF.

        Usage: beyla [options]                  e.g. BEYLA_TRACE_PRINTER=text beyla --open-port 8080
               beyla config [options]           prints the effective configuration and where each value comes from
               beyla config schema              prints the JSON schema of the configuration file, for editors

        """;

    private const string Head =
        """

        Needs Linux with BTF (/sys/kernel/btf/vmlinux), and root or CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH.
        Spans go to the standard output, the log to the error output. SIGINT or SIGTERM ends it in order, a second one at once.
        Exit code: 0 ended as asked; 1 could not start or broke off; 255 wrong options.

        Options of the command line:

        """;

    private const string Foot =
        """

        Every variable BEYLA_X may also be written OTEL_EBPF_X, which wins, or BEYLA_OTEL_X. Durations are Go's: 500ms, 5s, 1m30s.
        Lists in variables have commas between. ${NAME} and ${NAME:-default} in the file stand for variables.

        """;

    internal static string Write()
    {
        var text = new StringBuilder(Usage).Append(Head);
        Line(text, $"{ConfigFile.Flag} FILE", $"Configuration file in YAML; {ConfigFile.PathVariable} wins over it");
        foreach (var option in AgentOptionTable.All.Where(option => option.Flag is not null))
        {
            Line(text, $"{option.Flag} {option.Word}", option.Summary);
        }

        Line(text, "--help", "Print this");
        Line(text, "--version", "Print the versions of the agent and of its libbpf");
        text.AppendLine().AppendLine("Options of the file and of the environment, which is stronger; the command line is stronger still:").AppendLine();
        var defaults = new AgentSettings();
        foreach (var option in AgentOptionTable.Tree.Options)
        {
            text.Append("  ").Append(option.Key).Append(": ").Append(option.Word);
            if (option.Show(defaults) is ScalarNode { Kind: not ScalarKind.Null } value)
            {
                text.Append("  (default ").Append(value.Text).Append(')');
            }

            text.AppendLine().Append("      ").AppendLine(option.Summary);
            var variables = option.Variables.Where(variable => !variable.IsAlias).Select(variable => variable.Name).ToArray();
            if (variables.Length > 0)
            {
                text.Append("      ").AppendJoin(", ", variables).AppendLine();
            }
        }

        return text.Append(Foot).ToString();
    }

    private static void Line(StringBuilder text, string name, string summary) =>
        text.Append("  ").Append(name.PadRight(25)).Append(' ').AppendLine(summary);
}
