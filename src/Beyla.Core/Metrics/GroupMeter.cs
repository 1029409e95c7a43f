using System.Diagnostics.Metrics;
using System.Globalization;
using Beyla.Tracing;

namespace Beyla.Metrics;

/// <summary>
/// Repeats the records of one layout to the histograms of a <see cref="Meter"/>, on the thread that records.
/// While nobody listens it costs the look at <see cref="IsEnabled"/>. What listeners throw ends the repetition, not the
/// capture.
/// </summary>
internal sealed class GroupMeter(SeriesLayout layout, Histogram<double>[] histograms, Action<Exception> onFailure)
{
    /// <summary>Whether somebody listens to one of the histograms.</summary>
    internal bool IsEnabled
    {
        get
        {
            foreach (var histogram in histograms)
            {
                if (histogram.Enabled)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Repeats one exchange; a value that is negative is not known and not repeated.</summary>
    internal void Record(ServiceInfo service, HistogramSeries series, ReadOnlySpan<double> values)
    {
        var tags = series.MeterTags ??= Tags(service, series);
        try
        {
            for (var i = 0; i < histograms.Length; i++)
            {
                if (values[i] >= 0)
                {
                    histograms[i].Record(values[i], tags.AsSpan());
                }
            }
        }
#pragma warning disable CA1031 // listeners are called here, and whatever they throw must not end the capture
        catch (Exception exception)
#pragma warning restore CA1031
        {
            onFailure(exception);
        }
    }

    // A provider of the OpenTelemetry SDK has one resource, so what tells services apart goes along as attributes.
    private KeyValuePair<string, object?>[] Tags(ServiceInfo service, HistogramSeries series)
    {
        var tags = new List<KeyValuePair<string, object?>>();
        var keys = layout.Attributes;
        for (var i = 0; i < keys.Length; i++)
        {
            if (series.Attributes[i] is { } value)
            {
                tags.Add(new(keys[i].Name, keys[i].IsInteger && int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number : value));
            }
        }

        if (series.IsOverflow)
        {
            tags.Add(new(MetricRegistry.OverflowAttribute, true));
        }

        tags.Add(new("service.name", service.Name));
        if (service.Namespace.Length > 0)
        {
            tags.Add(new("service.namespace", service.Namespace));
        }

        tags.Add(new("service.instance.id", service.InstanceId));
        return [.. tags];
    }
}
