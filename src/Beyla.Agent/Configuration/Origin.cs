using Beyla.Agent.Configuration.Yaml;

namespace Beyla.Agent.Configuration;

/// <summary>Where the value of an option comes from.</summary>
/// <param name="Name">How the user called the option there: its key, a variable, a flag.</param>
/// <param name="Position">The place in the file; <see langword="null"/> for variables and flags.</param>
internal sealed record Origin(string Name, SourcePosition? Position)
{
    /// <summary>In few words, for a comment.</summary>
    public override string ToString() => Position is null ? Name : $"{Position.File}:{Position.Line}";
}
