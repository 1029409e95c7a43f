using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Beyla.Tracing;
using Microsoft.Win32.SafeHandles;

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
    private const int BrokenPipe = 32;
    private const int KeptBufferBytes = 1 << 20;

    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _write;
    private readonly TimeZoneInfo _zone;
    private ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private long _unprinted;
    private volatile bool _closed;

    /// <summary>Prints to the standard output.</summary>
    public ConsoleSpanSink()
        : this(OpenStandardOutput())
    {
    }

    /// <summary>Prints UTF-8 to <paramref name="stream"/>, which stays the caller's.</summary>
    /// <param name="stream">A writable stream.</param>
    /// <param name="timeProvider">Gives the local time zone; the system's by default.</param>
    public ConsoleSpanSink(Stream stream, TimeProvider? timeProvider = null)
        : this(WriterOf(stream), timeProvider)
    {
    }

    /// <summary>Prints to <paramref name="writer"/>, which stays the caller's.</summary>
    /// <param name="writer">A text writer that nobody else writes to at the same time.</param>
    /// <param name="timeProvider">Gives the local time zone; the system's by default.</param>
    public ConsoleSpanSink(TextWriter writer, TimeProvider? timeProvider = null)
        : this(WriterOf(writer), timeProvider)
    {
    }

    private ConsoleSpanSink(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, TimeProvider? timeProvider)
    {
        _write = write;
        _zone = (timeProvider ?? TimeProvider.System).LocalTimeZone;
    }

    /// <summary>Whether the reader of the output has gone.</summary>
    public bool IsClosed => _closed;

    /// <summary>Spans that could not be printed because the reader of the output had gone.</summary>
    public long UnprintedSpans => Interlocked.Read(ref _unprinted);

    /// <inheritdoc/>
    public async ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        if (_closed)
        {
            Interlocked.Add(ref _unprinted, batch.Length);
            return;
        }

        _buffer.ResetWrittenCount();
        foreach (var span in batch.Span)
        {
            SpanLineFormatter.Append(_buffer, span, _zone);
        }

        try
        {
            await _write(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            _closed = true;
            Interlocked.Add(ref _unprinted, batch.Length);
        }

        if (_buffer.Capacity > KeptBufferBytes)
        {
            _buffer = new ArrayBufferWriter<byte>(16 * 1024);
        }
    }

    private static Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> WriterOf(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return async (bytes, cancellationToken) =>
        {
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        };
    }

    private static Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> WriterOf(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return async (bytes, cancellationToken) =>
        {
            await writer.WriteAsync(Encoding.UTF8.GetString(bytes.Span).AsMemory(), cancellationToken).ConfigureAwait(false);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        };
    }

    // The console stream of .NET swallows EPIPE, so a pipe or terminal is written through a file stream. A file must not:
    // a file stream writes at offsets of its own and would overwrite what the error output put into the same file.
    private static Stream OpenStandardOutput()
    {
        try
        {
            var stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek)
            {
                return stream;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Standard output is closed or of a kind that a file stream refuses; the console stream copes with that.
        }

        return Console.OpenStandardOutput();
    }

    private static bool IsGone(Exception exception) => exception switch
    {
        ObjectDisposedException => true,
        IOException { InnerException: SocketException { SocketErrorCode: SocketError.Shutdown or SocketError.ConnectionReset } } => true,
        IOException => exception.HResult == BrokenPipe,
        _ => false,
    };
}
