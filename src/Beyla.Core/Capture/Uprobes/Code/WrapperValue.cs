namespace Beyla.Capture.Uprobes.Code;

/// <summary>What a wrapper hands on.</summary>
internal enum WrapperValue : byte
{
    Unknown,

    /// <summary>An argument of its own.</summary>
    Argument,

    /// <summary>A pointer to a variable of its own.</summary>
    Variable,
}
