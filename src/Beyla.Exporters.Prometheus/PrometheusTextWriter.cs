using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Beyla.Exporters.Prometheus;

/// <summary>
/// Writes the Prometheus text exposition format 0.0.4 as UTF-8
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). For one thread.
/// </summary>
public sealed class PrometheusTextWriter
{
    /// <summary>Content type of what is written.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    // The longest double or long in text, with room to spare.
    private const int NumberRoom = 32;

    private static readonly SearchValues<byte> EscapedInHelp = SearchValues.Create("\\\n"u8);

    private readonly IBufferWriter<byte> _output;
    private readonly LabelText _labels = new();
    private readonly ArrayBufferWriter<byte> _line = new(256);

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public PrometheusTextWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Starts a metric family; its samples follow.</summary>
    /// <param name="name">Metric name with its unit suffix, and with <c>_total</c> if it is a counter.</param>
    /// <param name="type">Type of the family.</param>
    /// <param name="help">One sentence.</param>
    public void Family(string name, PrometheusMetricType type, string help)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(help);
        _output.Write("# HELP "u8);
        Encoding.UTF8.GetBytes(name, _output);
        _output.Write(" "u8);
        LabelText.WriteEscaped(_output, help, EscapedInHelp);
        _output.Write("\n# TYPE "u8);
        Encoding.UTF8.GetBytes(name, _output);
        _output.Write(type switch
        {
            PrometheusMetricType.Counter => " counter\n"u8,
            PrometheusMetricType.Gauge => " gauge\n"u8,
            PrometheusMetricType.Histogram => " histogram\n"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Give a defined type."),
        });
    }

    /// <summary>Writes a sample of the family started last. Labels with an empty value are left out, as they mean nothing.</summary>
    public void Sample(string name, long value, params ReadOnlySpan<PrometheusLabel> labels)
    {
        Start(name, labels);
        Value(value);
    }

    /// <summary>Writes a sample of the family started last. Labels with an empty value are left out, as they mean nothing.</summary>
    public void Sample(string name, double value, params ReadOnlySpan<PrometheusLabel> labels)
    {
        Start(name, labels);
        Value(value);
    }

    internal void Sample(string name, long value, LabelText labels)
    {
        Start(name, "", labels.Written);
        Value(value);
    }

    /// <summary>Writes all samples of one histogram.</summary>
    /// <param name="name">Name of the family.</param>
    /// <param name="labels">Labels of the series without <c>le</c>.</param>
    /// <param name="upperBounds">The value of <c>le</c> for each bound, see <see cref="Number"/>.</param>
    /// <param name="buckets">Values in each bucket by itself, one more than there are bounds.</param>
    /// <param name="sum">Sum of all values.</param>
    internal void Histogram(string name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte[]> upperBounds, ReadOnlySpan<long> buckets, double sum)
    {
        // Buckets are most of a scrape: what their lines share is put together once, and a line is one write.
        _line.ResetWrittenCount();
        Encoding.UTF8.GetBytes(name, _line);
        _line.Write("_bucket{"u8);
        _line.Write(labels);
        _line.Write(labels.IsEmpty ? "le=\""u8 : ",le=\""u8);
        var count = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            Bucket(_line.WrittenSpan, i < upperBounds.Length ? upperBounds[i] : "+Inf"u8, count);
        }

        Start(name, "_sum", labels);
        Value(sum);
        Start(name, "_count", labels);
        Value(count);
    }

    /// <summary>A number as the format has it.</summary>
    internal static byte[] Number(double value)
    {
        Span<byte> text = stackalloc byte[NumberRoom];
        return text[..Format(value, text)].ToArray();
    }

    private void Start(string name, ReadOnlySpan<PrometheusLabel> labels)
    {
        ArgumentNullException.ThrowIfNull(name);
        _labels.Clear();
        foreach (var (label, value) in labels)
        {
            _labels.Add(label, value);
        }

        Start(name, "", _labels.Written);
    }

    private void Start(string name, string suffix, ReadOnlySpan<byte> labels)
    {
        Encoding.UTF8.GetBytes(name, _output);
        Encoding.UTF8.GetBytes(suffix, _output);
        if (!labels.IsEmpty)
        {
            _output.Write("{"u8);
            _output.Write(labels);
            _output.Write("}"u8);
        }
    }

    private void Bucket(ReadOnlySpan<byte> start, ReadOnlySpan<byte> upperBound, long count)
    {
        var room = _output.GetSpan(start.Length + upperBound.Length + NumberRoom);
        start.CopyTo(room);
        var length = start.Length;
        upperBound.CopyTo(room[length..]);
        length += upperBound.Length;
        "\"} "u8.CopyTo(room[length..]);
        length += 3;
        Utf8Formatter.TryFormat(count, room[length..], out var digits);
        length += digits;
        room[length] = (byte)'\n';
        _output.Advance(length + 1);
    }

    private void Value(long value)
    {
        var room = _output.GetSpan(NumberRoom);
        room[0] = (byte)' ';
        Utf8Formatter.TryFormat(value, room[1..], out var length);
        room[length + 1] = (byte)'\n';
        _output.Advance(length + 2);
    }

    private void Value(double value)
    {
        var room = _output.GetSpan(NumberRoom);
        room[0] = (byte)' ';
        var length = Format(value, room[1..]);
        room[length + 1] = (byte)'\n';
        _output.Advance(length + 2);
    }

    private static int Format(double value, Span<byte> room)
    {
        if (double.IsFinite(value))
        {
            value.TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
            return length;
        }

        var text = double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8;
        text.CopyTo(room);
        return text.Length;
    }
}
