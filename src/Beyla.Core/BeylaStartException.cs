namespace Beyla;

/// <summary>A session can't start on this machine or with these rights; the message says what is missing and the way out.</summary>
public sealed class BeylaStartException : Exception
{
    /// <summary>Makes the exception.</summary>
    public BeylaStartException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with what caused it.</summary>
    public BeylaStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
