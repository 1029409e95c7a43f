using System.Text;
using Beyla.Agent.Configuration;

namespace Beyla.Agent;

/// <summary>The help, made of the table of options.</summary>
internal static class HelpText
{
    private const string Head =
        """
        Observes the HTTP requests of processes on this machine without touching them, by eBPF.

        Usage: beyla [options]         e.g. BEYLA_PRINT_TRACES=true beyla --open-port 8080

        Needs Linux with BTF (/sys/kernel/btf/vmlinux), and root or CAP_BPF, CAP_PERFMON and CAP_SYS_PTRACE.
        Spans go to the standard output, the log to the error output. SIGINT or SIGTERM ends it in order, a second one at once.
        Exit code: 0 ended as asked; 1 could not start or broke off; 255 wrong options.

        Options of the command line, stronger than the environment:

        """;

    private const string Foot =
        """

        Every BEYLA_ variable may also be written with the prefix OTEL_EBPF_, which wins. Durations are Go's: 500ms, 5s, 1m30s.

        """;

    internal static string Write()
    {
        var text = new StringBuilder(Head);
        foreach (var option in AgentOptionTable.All.Where(option => option.Flag is not null))
        {
            Line(text, $"{option.Flag} {option.Value}", option.Summary);
        }

        Line(text, "--help", "Print this");
        Line(text, "--version", "Print the versions of the agent and of its libbpf");
        text.AppendLine().AppendLine("Environment variables:").AppendLine();
        foreach (var option in AgentOptionTable.All.Where(option => option.Variable.Length > 0))
        {
            Line(text, $"{option.Variable}={option.Value}", option.Summary);
            var others = option.Fallbacks.AsEnumerable();
            if (option.Precedence is not null)
            {
                others = others.Prepend(option.Precedence);
            }

            if (others.Any())
            {
                Line(text, "", $"(also {string.Join(", ", others)})");
            }
        }

        return text.Append(Foot).ToString();
    }

    private static void Line(StringBuilder text, string name, string summary) =>
        text.Append("  ").Append(name.PadRight(37)).Append(' ').AppendLine(summary);
}
