namespace Beyla.Discovery.Selection;

internal enum GlobStepKind : byte
{
    /// <summary>Takes one given character.</summary>
    Literal,

    /// <summary>Takes any character.</summary>
    Any,

    /// <summary>Takes a character of a class.</summary>
    Class,

    /// <summary>Goes on at the next step and at the target.</summary>
    Fork,

    /// <summary>Goes on at the target.</summary>
    Jump,

    /// <summary>The pattern is used up.</summary>
    End,
}
