namespace Beyla.Tracing;

/// <summary>What a one-line rendering shows of a span beyond the facts every span has; each protocol fills it in its own terms.</summary>
/// <param name="StatusCode">The protocol's own status number; <see langword="null"/> when not known.</param>
/// <param name="Operation">Verb of the exchange, such as the HTTP method; <see cref="Unknown"/> when not known.</param>
/// <param name="Target">What the verb was applied to, as sent; <see cref="Unknown"/> when not known.</param>
/// <param name="Route">Low-cardinality form of <paramref name="Target"/>; <see langword="null"/> when there is none.</param>
/// <param name="RequestSize">Bytes of the request's content; <see langword="null"/> when not known.</param>
internal readonly record struct SpanSummary(int? StatusCode, string Operation, string Target, string? Route, long? RequestSize)
{
    /// <summary>Stands for a word that was not seen.</summary>
    internal const string Unknown = "?";

    /// <summary>Bytes of the response's content; <see langword="null"/> when not known.</summary>
    internal long? ResponseSize { get; init; }

    /// <summary>How the client called the server; <see langword="null"/> when not known.</summary>
    internal string? ServerName { get; init; }
}
