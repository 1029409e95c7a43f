namespace Beyla.Tracing;

/// <summary>Status of a span. <c>Ok</c> is left to the application's own instrumentation, as OpenTelemetry asks of instrumentation libraries.</summary>
public enum SpanStatus
{
    /// <summary>Nothing says that the exchange failed.</summary>
    Unset,

    /// <summary>The exchange failed; <see cref="Span.ErrorType"/> says how.</summary>
    Error,
}
