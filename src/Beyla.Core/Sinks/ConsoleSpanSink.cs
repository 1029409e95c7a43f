using System.Buffers;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// Prints each span as one line of text:
/// <c>2026-11-22 13:49:04.123456 (15.22ms[689.9µs]) 200 GET /user/1234/info(/user/{id}/info) [127.0.0.1:50482]->[127.0.0.1:8080] size:0B svc=[shop]</c>:
/// local time of the request's first byte, duration with the service's own time in brackets, status, method, path with its
/// route in parentheses, who connected to whom, bytes of the request's content, service. A status that is not known is
/// <c>---</c>, a size or time that is not known <c>?</c>. Control characters are escaped.
/// A batch is one write. When the reader of the output has gone, the sink goes quiet and counts what it could not print.
/// </summary>
public sealed class ConsoleSpanSink : ISpanSink
{
    private const int KeptBufferBytes = 1 << 20;

    private readonly SpanOutput _output;
    private readonly TimeZoneInfo _zone;
    private ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    /// <summary>Prints to the standard output.</summary>
    public ConsoleSpanSink()
        : this(new SpanOutput(), timeProvider: null)
    {
    }

    /// <summary>Prints UTF-8 to <paramref name="stream"/>, which stays the caller's.</summary>
    /// <param name="stream">A writable stream.</param>
    /// <param name="timeProvider">Gives the local time zone; the system's by default.</param>
    public ConsoleSpanSink(Stream stream, TimeProvider? timeProvider = null)
        : this(new SpanOutput(stream), timeProvider)
    {
    }

    /// <summary>Prints to <paramref name="writer"/>, which stays the caller's.</summary>
    /// <param name="writer">A text writer that nobody else writes to at the same time.</param>
    /// <param name="timeProvider">Gives the local time zone; the system's by default.</param>
    public ConsoleSpanSink(TextWriter writer, TimeProvider? timeProvider = null)
        : this(new SpanOutput(writer), timeProvider)
    {
    }

    private ConsoleSpanSink(SpanOutput output, TimeProvider? timeProvider)
    {
        _output = output;
        _zone = (timeProvider ?? TimeProvider.System).LocalTimeZone;
    }

    /// <summary>Whether the reader of the output has gone.</summary>
    public bool IsClosed => _output.IsClosed;

    /// <summary>Spans that could not be printed because the reader of the output had gone.</summary>
    public long UnprintedSpans => _output.UnprintedSpans;

    /// <inheritdoc/>
    public async ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        if (!_output.Accepts(batch.Length))
        {
            return;
        }

        _buffer.ResetWrittenCount();
        foreach (var span in batch.Span)
        {
            SpanLineFormatter.Append(_buffer, span, _zone);
        }

        await _output.WriteAsync(_buffer.WrittenMemory, batch.Length, cancellationToken).ConfigureAwait(false);
        if (_buffer.Capacity > KeptBufferBytes)
        {
            _buffer = new ArrayBufferWriter<byte>(16 * 1024);
        }
    }
}
