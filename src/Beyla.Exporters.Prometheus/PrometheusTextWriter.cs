using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Beyla.Metrics;

namespace Beyla.Exporters.Prometheus;

/// <summary>
/// Writes the Prometheus text exposition format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/) or
/// OpenMetrics text 1.0.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/) as UTF-8. For one thread.
/// </summary>
public sealed class PrometheusTextWriter
{
    /// <summary>Content type of the Prometheus text format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Content type of OpenMetrics.</summary>
    public const string OpenMetricsContentType = $"application/openmetrics-text; version={OpenMetricsVersion}; charset=utf-8";

    internal const string OpenMetricsVersion = "1.0.0";

    // The longest double or long in text, with room to spare.
    private const int NumberRoom = 32;

    private static readonly SearchValues<byte> EscapedInHelp = SearchValues.Create("\\\n"u8);
    private static readonly SearchValues<byte> EscapedInOpenMetricsHelp = SearchValues.Create("\\\n\""u8);

    private readonly IBufferWriter<byte> _output;
    private readonly LabelText _labels = new();
    private readonly ArrayBufferWriter<byte> _line = new(256);

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public PrometheusTextWriter(IBufferWriter<byte> output, ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        Format = format;
    }

    /// <summary>The format that is written.</summary>
    public ExpositionFormat Format { get; }

    private bool IsOpenMetrics => Format == ExpositionFormat.OpenMetrics;

    /// <summary>Starts a metric family; its samples follow.</summary>
    /// <param name="name">Metric name with its unit suffix, and with <c>_total</c> if it is a counter.</param>
    /// <param name="type">Type of the family.</param>
    /// <param name="help">One sentence.</param>
    public void Family(string name, PrometheusMetricType type, string help)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(help);
        // OpenMetrics names a family without the suffix that its samples have.
        var family = !IsOpenMetrics ? name
            : type == PrometheusMetricType.Counter ? WithoutSuffix(name, "_total")
            : type == PrometheusMetricType.Info ? WithoutSuffix(name, "_info")
            : name;
        Meta("# HELP "u8, family);
        LabelText.WriteEscaped(_output, help, IsOpenMetrics ? EscapedInOpenMetricsHelp : EscapedInHelp);
        _output.Write("\n"u8);
        Meta("# TYPE "u8, family);
        _output.Write(type switch
        {
            PrometheusMetricType.Counter => "counter\n"u8,
            PrometheusMetricType.Gauge => "gauge\n"u8,
            PrometheusMetricType.Histogram => "histogram\n"u8,
            PrometheusMetricType.Info => IsOpenMetrics ? "info\n"u8 : "gauge\n"u8,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Give a defined type."),
        });
        if (IsOpenMetrics && UnitOf(family) is { } unit)
        {
            Meta("# UNIT "u8, family);
            Encoding.UTF8.GetBytes(unit, _output);
            _output.Write("\n"u8);
        }
    }

    /// <summary>Writes what ends the whole exposition, if the format has an end.</summary>
    public void End()
    {
        if (IsOpenMetrics)
        {
            _output.Write("# EOF\n"u8);
        }
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
    /// <param name="upperBounds">The value of <c>le</c> for each bound, see <see cref="Bound"/>.</param>
    /// <param name="buckets">Values in each bucket by itself, one more than there are bounds.</param>
    /// <param name="sum">Sum of all values.</param>
    /// <param name="exemplars">At most one for each bucket; the older format has no place for them.</param>
    /// <param name="bounds">The bounds themselves, to find the bucket of an exemplar.</param>
    internal void Histogram(string name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte[]> upperBounds, ReadOnlySpan<long> buckets, double sum, ReadOnlySpan<MetricExemplar> exemplars, ReadOnlySpan<double> bounds)
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
            if (IsOpenMetrics)
            {
                Exemplar(exemplars, i == 0 ? double.NegativeInfinity : bounds[i - 1], i < bounds.Length ? bounds[i] : double.PositiveInfinity);
            }

            _output.Write("\n"u8);
        }

        Start(name, "_sum", labels);
        Value(sum);
        Start(name, "_count", labels);
        Value(count);
    }

    /// <summary>The value of the label <c>le</c> for a bound; OpenMetrics wants it to be a float by its looks too.</summary>
    internal byte[] Bound(double value)
    {
        Span<byte> text = stackalloc byte[NumberRoom];
        var length = FormatNumber(value, text);
        if (IsOpenMetrics && !text[..length].ContainsAny(".eEIN"u8))
        {
            ".0"u8.CopyTo(text[length..]);
            length += 2;
        }

        return text[..length].ToArray();
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
        _output.Advance(length + digits);
    }

    private void Exemplar(ReadOnlySpan<MetricExemplar> exemplars, double above, double upTo)
    {
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.Value > above && exemplar.Value <= upTo)
            {
                _output.Write(" # {trace_id=\""u8);
                Hex(exemplar.TraceIdHigh);
                Hex(exemplar.TraceIdLow);
                _output.Write("\",span_id=\""u8);
                Hex(exemplar.SpanId);
                _output.Write("\"} "u8);
                Number(exemplar.Value, _output);
                _output.Write(" "u8);
                Seconds(exemplar.UnixNanoseconds / 1_000_000);
                return;
            }
        }
    }

    // Whole numbers all the way: of nanoseconds since 1970 a double loses the milliseconds that Prometheus keeps.
    private void Seconds(long milliseconds)
    {
        var room = _output.GetSpan(NumberRoom);
        Utf8Formatter.TryFormat(milliseconds / 1000, room, out var length);
        room[length] = (byte)'.';
        Utf8Formatter.TryFormat(milliseconds % 1000, room[(length + 1)..], out _, new StandardFormat('D', 3));
        _output.Advance(length + 4);
    }

    private void Hex(ulong value)
    {
        var room = _output.GetSpan(16);
        value.TryFormat(room, out var length, "x16", CultureInfo.InvariantCulture);
        _output.Advance(length);
    }

    private void Meta(ReadOnlySpan<byte> keyword, string family)
    {
        _output.Write(keyword);
        Encoding.UTF8.GetBytes(family, _output);
        _output.Write(" "u8);
    }

    private static void Number(double value, IBufferWriter<byte> output) => output.Advance(FormatNumber(value, output.GetSpan(NumberRoom)));

    private static string WithoutSuffix(string name, string suffix) => name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;

    private static string? UnitOf(string family) =>
        family.EndsWith("_seconds", StringComparison.Ordinal) ? "seconds" : family.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes" : null;

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
        var length = FormatNumber(value, room[1..]);
        room[length + 1] = (byte)'\n';
        _output.Advance(length + 2);
    }

    private static int FormatNumber(double value, Span<byte> room)
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
