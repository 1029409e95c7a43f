using System.Runtime.CompilerServices;

namespace Beyla.IntegrationTests.Scraping;

/// <summary>The PromQL of the documentation, by the comment above each query: what users copy is what is tested.</summary>
internal static class DocumentedQueries
{
    /// <param name="document">Path from the root of the repository.</param>
    /// <param name="caller">This file.</param>
    /// <returns>Queries in their order; title is empty where there is no comment.</returns>
    public static IReadOnlyList<(string Title, string Query)> Of(string document, [CallerFilePath] string caller = "")
    {
        var root = Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "..");
        var queries = new List<(string, string)>();
        var isCode = false;
        var title = "";
        var query = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(root, document)))
        {
            if (!isCode)
            {
                isCode = line == "```promql";
            }
            else if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                title = line[2..];
            }
            else if (line.Length == 0 || line == "```")
            {
                End();
                isCode = line != "```";
            }
            else
            {
                query.Add(line);
            }
        }

        return queries;

        void End()
        {
            if (query.Count > 0)
            {
                // Without titles each line is a query of its own.
                queries.AddRange(title.Length == 0 ? query.Select(static text => ("", text)) : [(title, string.Join('\n', query))]);
            }

            title = "";
            query.Clear();
        }
    }
}
