namespace Beyla.Discovery.Selection;

/// <summary>What selectors ask of a process when all their cheaper criteria hold. Any thread.</summary>
internal interface IProcessDetails
{
    /// <summary>Its language as far as it can be told now, <c>telemetry.sdk.language</c>.</summary>
    string Language(int pid, ReadOnlySpan<char> path);

    /// <summary>Its command line without the first word, separated by single spaces; <see langword="null"/> when it can't be read.</summary>
    string? Arguments(int pid);
}
