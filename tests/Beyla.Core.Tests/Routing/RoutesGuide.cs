namespace Beyla.Core.Tests.Routing;

/// <summary>The examples of docs/routes.md.</summary>
internal static class RoutesGuide
{
    private static readonly string Root = FindRoot();

    /// <summary>The cells of the first table after a mark, without quotes; the header is the first row.</summary>
    internal static List<string[]> Table(string mark) => [.. Section(mark)
        .SkipWhile(line => !line.StartsWith('|'))
        .TakeWhile(line => line.StartsWith('|'))
        .Where(line => !line.StartsWith("| ---", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray())];

    /// <summary>The lines of the first code block after a mark.</summary>
    internal static List<string> Block(string mark) => [.. Section(mark)
        .SkipWhile(line => !line.StartsWith("```", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal))];

    internal static string Source(string file) => File.ReadAllText(Path.Combine(Root, "tests", "Beyla.Core.Tests", "Routing", file));

    private static IEnumerable<string> Section(string mark)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "docs", "routes.md"));
        var start = Array.IndexOf(lines, mark);
        Assert.True(start >= 0, $"docs/routes.md has no line '{mark}'.");
        return lines.Skip(start + 1);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Beyla.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return folder;
    }
}
