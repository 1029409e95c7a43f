using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Beyla.Sinks;

/// <summary>Where spans are printed. When the reader of the output has gone, it goes quiet and counts what could not be printed.</summary>
internal sealed class SpanOutput
{
    private const int BrokenPipe = 32;

    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> _write;
    private long _unprinted;
    private volatile bool _closed;

    /// <summary>The standard output.</summary>
    internal SpanOutput()
        : this(OpenStandardOutput())
    {
    }

    /// <summary>A stream, which stays the caller's.</summary>
    internal SpanOutput(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _write = async (bytes, cancellationToken) =>
        {
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        };
    }

    /// <summary>A writer, which stays the caller's.</summary>
    internal SpanOutput(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _write = async (bytes, cancellationToken) =>
        {
            await writer.WriteAsync(Encoding.UTF8.GetString(bytes.Span).AsMemory(), cancellationToken).ConfigureAwait(false);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        };
    }

    internal bool IsClosed => _closed;

    internal long UnprintedSpans => Interlocked.Read(ref _unprinted);

    /// <summary>Whether it is worth while to print these spans. If not, they are counted.</summary>
    internal bool Accepts(int spans)
    {
        if (_closed)
        {
            Interlocked.Add(ref _unprinted, spans);
        }

        return !_closed;
    }

    /// <summary>Writes and flushes at once.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="spans">How many spans they show.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, int spans, CancellationToken cancellationToken)
    {
        try
        {
            await _write(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            _closed = true;
            Interlocked.Add(ref _unprinted, spans);
        }
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
