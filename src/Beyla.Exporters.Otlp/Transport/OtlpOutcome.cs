namespace Beyla.Exporters.Otlp.Transport;

/// <summary>What became of one attempt to send.</summary>
internal enum OtlpOutcome
{
    /// <summary>Taken, perhaps in part.</summary>
    Accepted,

    /// <summary>Refused for now; the same request may be taken later.</summary>
    Retry,

    /// <summary>Refused for good.</summary>
    Rejected,
}
