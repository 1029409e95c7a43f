namespace Beyla;

/// <summary>The options of a session contradict themselves or its bounds. <see cref="Errors"/> has all that is wrong, not the first only.</summary>
public sealed class BeylaOptionsException : Exception
{
    /// <summary>Makes the exception of one or more errors.</summary>
    public BeylaOptionsException(IReadOnlyList<string> errors)
        : base(string.Join(Environment.NewLine, errors)) => Errors = errors;

    /// <summary>One sentence an error, naming the option, its value and the way out.</summary>
    public IReadOnlyList<string> Errors { get; }
}
