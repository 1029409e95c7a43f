using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// Prints spans as JSON in the shape of Grafana Beyla's printers <c>json</c> and <c>json_indent</c>: an array for each batch,
/// followed by a line feed. Numbers are texts, times are microseconds since the Unix epoch, durations are in Go's notation.
/// What is not known is left out. The service's own time stands as <c>handlerDuration</c>.
/// When the reader of the output has gone, the sink goes quiet and counts what it could not print.
/// </summary>
public sealed class JsonSpanSink : ISpanSink
{
    private const int KeptBufferBytes = 1 << 20;

    private readonly SpanOutput _output;
    private readonly JsonWriterOptions _options;
    private ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    /// <summary>Prints to the standard output.</summary>
    /// <param name="indented">Whether each member has a line of its own, indented by one space a level.</param>
    public JsonSpanSink(bool indented = false)
        : this(new SpanOutput(), indented)
    {
    }

    /// <summary>Prints UTF-8 to <paramref name="stream"/>, which stays the caller's.</summary>
    /// <param name="stream">A writable stream.</param>
    /// <param name="indented">Whether each member has a line of its own, indented by one space a level.</param>
    public JsonSpanSink(Stream stream, bool indented = false)
        : this(new SpanOutput(stream), indented)
    {
    }

    private JsonSpanSink(SpanOutput output, bool indented)
    {
        _output = output;
        // Goes into no page of HTML: µ, & and < may stay as they are. Control characters are escaped all the same.
        _options = new() { Indented = indented, IndentSize = 1, NewLine = "\n", SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
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

        Format(batch.Span);
        await _output.WriteAsync(_buffer.WrittenMemory, batch.Length, cancellationToken).ConfigureAwait(false);
        if (_buffer.Capacity > KeptBufferBytes)
        {
            _buffer = new ArrayBufferWriter<byte>(16 * 1024);
        }
    }

    private void Format(ReadOnlySpan<Span> batch)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, _options))
        {
            json.WriteStartArray();
            foreach (var span in batch)
            {
                SpanJsonFormatter.Write(json, span);
            }

            json.WriteEndArray();
        }

        _buffer.Write("\n"u8);
    }
}
