using System.Globalization;
using System.Text;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>Prints nothing until the session ends, then how many spans there were: <c>Processed 17 requests</c>.</summary>
public sealed class CountingSpanSink : ISpanSink, IAsyncDisposable
{
    private readonly SpanOutput _output;
    private long _spans;
    private bool _isDisposed;

    /// <summary>Prints to the standard output.</summary>
    public CountingSpanSink() => _output = new();

    /// <summary>Prints UTF-8 to <paramref name="stream"/>, which stays the caller's.</summary>
    public CountingSpanSink(Stream stream) => _output = new(stream);

    /// <summary>Spans so far.</summary>
    public long Spans => Interlocked.Read(ref _spans);

    /// <inheritdoc/>
    public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        Interlocked.Add(ref _spans, batch.Length);
        return ValueTask.CompletedTask;
    }

    /// <summary>Prints the sum. May be called more than once.</summary>
    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return ValueTask.CompletedTask;
        }

        _isDisposed = true;
        return _output.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Processed {Spans} requests\n")), 0, CancellationToken.None);
    }
}
