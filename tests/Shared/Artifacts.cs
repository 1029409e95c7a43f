namespace Beyla.Tests.Shared;

/// <summary>Finds what scripts have put into the repository's artifacts/.</summary>
internal static class Artifacts
{
    /// <summary>The full path of something that may be missing; that skips the test or fails it, as a missing command does.</summary>
    /// <param name="path">Below artifacts/.</param>
    /// <param name="script">What makes it.</param>
    public static string Require(string path, string script)
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Beyla.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        var full = Path.Combine(folder ?? "/", "artifacts", path);
        if (!File.Exists(full))
        {
            Tooling.Miss($"'artifacts/{path}' is missing; {script} makes it.");
        }

        return full;
    }
}
