namespace Beyla.Native;

/// <summary>Two lines out of a verifier log: what is wrong, and where.</summary>
internal static class VerifierSummary
{
    private static readonly string[] Statistics = ["processed ", "verification time ", "stack depth ", "max_states_per_insn "];

    /// <summary>The reason and the source line (or, without line information, the instruction) before it; empty for an empty log.</summary>
    internal static string Of(string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var reason = Array.FindLastIndex(lines, static line => !Statistics.Any(s => line.StartsWith(s, StringComparison.Ordinal)));
        if (reason < 0)
        {
            return "";
        }

        var source = Array.FindLastIndex(lines, reason, static line => line[0] == ';');
        var where = source >= 0 ? lines[source].TrimStart(';', ' ') : reason > 0 ? lines[reason - 1] : "";
        return where.Length == 0 ? lines[reason] : $"{lines[reason]}\n  at: {where}";
    }
}
