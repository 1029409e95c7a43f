namespace Beyla.Tests.Shared;

/// <summary>Finds commands; a missing one skips the test, or fails it where BEYLA_REQUIRE_RUNTIMES=1 says that it should be there.</summary>
internal static class Tooling
{
    private const string RequireVariable = "BEYLA_REQUIRE_RUNTIMES";

    /// <returns>The full path of the command.</returns>
    public static string Require(Tool tool)
    {
        if (Find(tool.Command) is { } path)
        {
            return path;
        }

        Miss($"'{tool.Command}' is not installed; eng/fleet/install.sh installs it (Debian package {tool.Package}).");
        return null!;
    }

    /// <summary>Skips the test because of what is missing, or fails it.</summary>
    public static void Miss(string reason)
    {
        if (Environment.GetEnvironmentVariable(RequireVariable) == "1")
        {
            Assert.Fail($"{reason} {RequireVariable}=1 forbids to skip.");
        }

        Assert.Skip(reason);
    }

    /// <param name="command">A name to be looked for in PATH, or a full path.</param>
    public static string? Find(string command) => Path.IsPathRooted(command)
        ? File.Exists(command) ? command : null
        : (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, command))
            .FirstOrDefault(File.Exists);
}
