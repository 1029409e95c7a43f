using Beyla.Telemetry;

namespace Beyla.Core.Tests.Telemetry;

public sealed class TelemetryValuesTests
{
    private static readonly TelemetryInstrument Counter = new("a.counter", TelemetryInstrumentKind.Counter, "{thing}", "Things", "reason");
    private static readonly TelemetryInstrument Gauge = new("a.gauge", TelemetryInstrumentKind.Gauge, "By", "Size");

    [Fact]
    public void A_series_that_several_sources_tell_of_is_one()
    {
        var values = new TelemetryValues();
        values.Visit(Counter, 1, "full");
        values.Visit(Gauge, 7);
        values.Visit(Counter, 2, "late");
        values.Visit(Counter, 10, "full");
        values.Visit(Gauge, 8);
        Assert.Equal(
            [("a.counter", 11, "full"), ("a.counter", 2, "late"), ("a.gauge", 8, "")],
            from pair in values.ByInstrument from value in pair.Value select (pair.Key.Name, value.Value, string.Join(',', value.Attributes)));
    }
}
