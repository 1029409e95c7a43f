namespace Beyla.Tracing;

/// <summary>Which end of an exchange the observed process is.</summary>
public enum SpanKind
{
    /// <summary>The observed process answered the request (OpenTelemetry <c>SERVER</c>).</summary>
    Server,

    /// <summary>The observed process made the request (OpenTelemetry <c>CLIENT</c>).</summary>
    Client,
}
