namespace Beyla.Tracing;

/// <summary>How the end of an exchange was known. A reader who needs exact sizes and durations can tell the certain from the inferred.</summary>
public enum SpanEnd
{
    /// <summary>The protocol's own framing said where the response ends.</summary>
    Framed,

    /// <summary>The response was delimited by the end of the connection, as HTTP/1.0 allows (RFC 9112 §6.3).</summary>
    ConnectionClosed,

    /// <summary>The framing was not seen in full; the end is the last byte before the next exchange or before a pause.</summary>
    Inferred,

    /// <summary>The connection, or the exchange's own stream in it, ended before the exchange was complete.</summary>
    Aborted,

    /// <summary>The response is a stream of events that goes on for as long as the client listens (<c>text/event-stream</c>): the exchange ends where the response begins.</summary>
    Streaming,
}
