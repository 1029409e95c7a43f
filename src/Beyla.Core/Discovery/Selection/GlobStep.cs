namespace Beyla.Discovery.Selection;

/// <summary>One step of a compiled <see cref="Glob"/>.</summary>
internal readonly record struct GlobStep(GlobStepKind Kind)
{
    /// <summary>Where a fork or jump leads.</summary>
    internal int Target { get; init; }

    /// <summary>The character that a literal takes.</summary>
    internal char Character { get; init; }

    /// <summary>Pairs of first and last character of a class.</summary>
    internal string Ranges { get; init; } = "";

    /// <summary>Whether the class takes the characters outside of <see cref="Ranges"/>.</summary>
    internal bool Negated { get; init; }

    internal bool Takes(char c) => Kind switch
    {
        GlobStepKind.Literal => c == Character,
        GlobStepKind.Any => true,
        GlobStepKind.Class => InRanges(c) != Negated,
        _ => false,
    };

    private bool InRanges(char c)
    {
        for (var i = 0; i < Ranges.Length; i += 2)
        {
            if (c >= Ranges[i] && c <= Ranges[i + 1])
            {
                return true;
            }
        }

        return false;
    }
}
