using System.Globalization;

namespace Beyla.Agent.Configuration.Yaml;

/// <summary>A place in the user's file, before anything was put in for variables.</summary>
/// <param name="File">Path as the user gave it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 characters.</param>
internal sealed record SourcePosition(string File, int Line, int Column)
{
    /// <summary>As compilers print it and editors follow it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
