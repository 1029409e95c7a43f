using Beyla.Telemetry;

namespace Beyla.Extensions.Hosting;

/// <summary>What sinks and exporters lost on their way out, by the instruments that they count it with.</summary>
internal sealed class ExportLosses : ITelemetryVisitor
{
    private readonly Dictionary<TelemetryInstrument, long> _counts = [];

    private ExportLosses()
    {
    }

    internal IReadOnlyDictionary<TelemetryInstrument, long> Counts => _counts;

    internal static ExportLosses Of(ITelemetrySource source)
    {
        var losses = new ExportLosses();
        source.Collect(losses);
        return losses;
    }

    void ITelemetryVisitor.Visit(TelemetryInstrument instrument, double value, params ReadOnlySpan<string> attributeValues)
    {
        if (instrument.CountsLosses)
        {
            _counts[instrument] = _counts.GetValueOrDefault(instrument) + (long)value;
        }
    }
}
