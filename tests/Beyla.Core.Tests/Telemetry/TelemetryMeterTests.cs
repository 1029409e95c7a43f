using System.Diagnostics.Metrics;
using Beyla.Core.Tests.Metrics;
using Beyla.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Beyla.Core.Tests.Telemetry;

public sealed class TelemetryMeterTests : ITelemetrySource, IDisposable
{
    private static readonly TelemetryInstrument Count = new("a.count", TelemetryInstrumentKind.Counter, "{thing}", "Things", "reason");
    private static readonly TelemetryInstrument Time = new("a.time", TelemetryInstrumentKind.Counter, "s", "Time");
    private static readonly TelemetryInstrument Level = new("a.level", TelemetryInstrumentKind.UpDownCounter, "{thing}", "Level");
    private static readonly TelemetryInstrument Ratio = new("a.ratio", TelemetryInstrumentKind.Gauge, "1", "Ratio");
    private static readonly TelemetryInstrument Late = new("a.late", TelemetryInstrumentKind.Gauge, "By", "Late");

    private readonly FakeTimeProvider _time = new();
    private readonly List<(TelemetryInstrument Instrument, double Value, string[] Attributes)> _values =
    [
        (Count, 3, ["full"]), (Count, 4, ["late"]), (Time, 1.5, []), (Level, 7, []), (Ratio, 0.25, []),
    ];

    private readonly TelemetryMeter _meter;
    private int _collections;

    public TelemetryMeterTests()
    {
        _meter = new TelemetryMeter(this, new MeterOptions("test") { Scope = this }, _time);
    }

    void ITelemetrySource.Collect(ITelemetryVisitor visitor)
    {
        _collections++;
        foreach (var (instrument, value, attributes) in _values)
        {
            visitor.Visit(instrument, value, attributes);
        }
    }

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void Everything_that_is_told_is_an_instrument_of_its_kind()
    {
        using var measured = new Measured(this);
        _meter.Connect([]);
        Assert.Equal(
            [typeof(ObservableCounter<long>), typeof(ObservableCounter<double>), typeof(ObservableUpDownCounter<long>), typeof(ObservableGauge<double>)],
            measured.Published.Select(instrument => instrument.GetType()));
        Assert.Equal(("a.count", "{thing}", "Things"), (measured.Published.First().Name, measured.Published.First().Unit, measured.Published.First().Description));
        Assert.Equal(["a.count{reason=full} 3", "a.count{reason=late} 4", "a.time{} 1.5", "a.level{} 7", "a.ratio{} 0.25"], measured.Collect());
    }

    [Fact]
    public void The_source_is_asked_once_for_a_round_and_anew_for_the_next()
    {
        using var measured = new Measured(this);
        _meter.Connect([]);
        _values[2] = (Time, 2, []);
        Assert.Contains("a.time{} 2", measured.Collect());
        _collections = 0;
        _values[2] = (Time, 2.5, []);
        Assert.Contains("a.time{} 2.5", measured.Collect());
        Assert.Equal(1, _collections);
    }

    [Fact]
    public void An_old_round_serves_nobody()
    {
        using var counts = new Measured(this, instrument => instrument.Name == "a.count");
        using var levels = new Measured(this, instrument => instrument.Name == "a.level");
        _meter.Connect([]);
        counts.Collect();
        _values[3] = (Level, 8, []);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["a.level{} 8"], levels.Collect());
    }

    [Fact]
    public void An_instrument_that_comes_later_appears_then()
    {
        using var measured = new Measured(this);
        _meter.Connect([]);
        measured.Collect();
        _values.Add((Late, 4096, []));
        Assert.Contains("a.late{} 4096", measured.Collect());
        Assert.Equal(5, measured.Published.Count);
        Assert.Contains("a.late{} 4096", measured.Collect());
        Assert.Equal(5, measured.Published.Count);
    }

    [Fact]
    public void An_instrument_that_is_announced_may_have_nothing_to_tell()
    {
        using var measured = new Measured(this, instrument => instrument.Name == "a.late");
        _meter.Connect([Late]);
        Assert.Empty(measured.Collect());
        _values.Add((Late, 4096, []));
        Assert.Equal(["a.late{} 4096"], measured.Collect());
    }

    [Fact]
    public void Without_a_listener_nothing_is_asked()
    {
        _meter.Connect([]);
        Assert.Equal(1, _collections);
    }

    [Fact]
    public void After_the_end_nothing_is_asked()
    {
        using var measured = new Measured(this);
        _meter.Connect([]);
        _collections = 0;
        _meter.Dispose();
        Assert.Empty(measured.Collect());
        Assert.Equal(0, _collections);
    }
}
