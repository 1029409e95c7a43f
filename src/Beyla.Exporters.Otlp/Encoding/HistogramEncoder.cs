using System.Buffers.Binary;
using Beyla.Metrics;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>Encodes the series of one instrument of one service as a <c>Metric</c> (opentelemetry/proto/metrics/v1/metrics.proto).</summary>
internal sealed class HistogramEncoder(ProtobufBuffer output, RequestWriter requests, DeltaStates? deltas, bool exponential) : IHistogramVisitor
{
    private const int Metric = 2;
    private const int Histogram = 9;
    private const int ExponentialHistogram = 10;
    private const int DataPoints = 1;
    private const int AggregationTemporality = 2;
    private const int HistogramAttributes = 9;
    private const int ExponentialAttributes = 1;
    private const int Positive = 8;

    private readonly AttributeEncoder _attributes = new(output);
    private bool _isOpen;
    private int _metric;
    private int _data;

    /// <summary>Time of the points.</summary>
    internal DateTimeOffset Time { get; set; }

    /// <summary>Writes a metric with all points of the service, or nothing when it has none.</summary>
    internal void Write(ServiceMetrics service, MetricInstrument instrument)
    {
        service.Visit(instrument, this);
        Close();
    }

    public void Visit(in HistogramPoint point)
    {
        var delta = deltas?.Of(in point, Time, requests.Count);
        if (delta is { Count: 0 })
        {
            return;
        }

        var isExponential = exponential && point.IsExponential;
        Open(point.Instrument, isExponential);

        var start = delta?.Start ?? point.StartTime;
        var message = output.Begin(DataPoints);
        if (isExponential)
        {
            WriteExponential(in point, delta, start);
        }
        else
        {
            WriteExplicit(in point, delta, start);
        }

        output.End(message);
        requests.CountItem();
        if (requests.IsFull)
        {
            Close();
            requests.Cut();
        }
    }

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * 100;

    private void Open(MetricInstrument instrument, bool isExponential)
    {
        if (_isOpen)
        {
            return;
        }

        requests.Open();
        _isOpen = true;
        _metric = output.Begin(Metric);
        output.Text(1, instrument.Name);
        output.Text(2, instrument.Description);
        output.Text(3, instrument.Unit);
        _data = output.Begin(isExponential ? ExponentialHistogram : Histogram);
    }

    /// <summary>Ends the metric that points were written to.</summary>
    internal void Close()
    {
        if (_isOpen)
        {
            output.Unsigned(AggregationTemporality, deltas is null ? (ulong)MetricEncoder.Cumulative : MetricEncoder.Delta);
            output.End(_data);
            output.End(_metric);
            _isOpen = false;
        }
    }

    private void WriteExplicit(in HistogramPoint point, DeltaState? delta, DateTimeOffset start)
    {
        output.Fixed64(2, Nanoseconds(start));
        output.Fixed64(3, Nanoseconds(Time));
        output.Fixed64(4, (ulong)(delta?.Count ?? point.Count));
        output.Double(5, delta?.Sum ?? point.Sum);
        output.PackedFixed64(6, point.BucketCounts.Length);
        for (var i = 0; i < point.BucketCounts.Length; i++)
        {
            output.RawFixed64((ulong)(delta is null ? point.BucketCounts[i] : delta.Buckets[i]));
        }

        output.PackedFixed64(7, point.Bounds.Length);
        foreach (var bound in point.Bounds)
        {
            output.RawFixed64(BitConverter.DoubleToUInt64Bits(bound));
        }

        WriteExemplars(8, in point, start);
        WriteAttributes(HistogramAttributes, in point);
    }

    private void WriteExponential(in HistogramPoint point, DeltaState? delta, DateTimeOffset start)
    {
        WriteAttributes(ExponentialAttributes, in point);
        output.Fixed64(2, Nanoseconds(start));
        output.Fixed64(3, Nanoseconds(Time));
        output.Fixed64(4, (ulong)(delta?.Count ?? point.Count));
        output.Double(5, delta?.Sum ?? point.Sum);
        output.Signed(6, point.Exponential.Scale);
        output.Fixed64(7, (ulong)(delta?.ZeroCount ?? point.Exponential.ZeroCount));
        var positive = output.Begin(Positive);
        output.Signed(1, point.Exponential.Offset);
        var counts = output.Begin(2);
        for (var i = 0; i < point.Exponential.Counts.Length; i++)
        {
            output.Raw((ulong)(delta is null ? point.Exponential.Counts[i] : delta.Exponential[i]));
        }

        output.End(counts);
        output.End(positive);
        WriteExemplars(11, in point, start);
    }

    private void WriteExemplars(int field, in HistogramPoint point, DateTimeOffset since)
    {
        Span<byte> id = stackalloc byte[16];
        var from = (long)Nanoseconds(since);
        foreach (ref readonly var exemplar in point.Exemplars)
        {
            if (exemplar.UnixNanoseconds < from)
            {
                continue;
            }

            var message = output.Begin(field);
            output.Fixed64(2, (ulong)exemplar.UnixNanoseconds);
            output.Double(3, exemplar.Value);
            BinaryPrimitives.WriteUInt64BigEndian(id, exemplar.SpanId);
            output.Bytes(4, id[..8]);
            BinaryPrimitives.WriteUInt64BigEndian(id, exemplar.TraceIdHigh);
            BinaryPrimitives.WriteUInt64BigEndian(id[8..], exemplar.TraceIdLow);
            output.Bytes(5, id);
            output.End(message);
        }
    }

    private void WriteAttributes(int field, in HistogramPoint point)
    {
        _attributes.Field = field;
        for (var i = 0; i < point.AttributeKeys.Length; i++)
        {
            if (point.AttributeValues[i] is { } value)
            {
                _attributes.Visit(point.AttributeKeys[i].Name, value, point.AttributeKeys[i].IsInteger);
            }
        }

        if (point.IsOverflow)
        {
            _attributes.VisitTrue(MetricRegistry.OverflowAttribute);
        }
    }
}
