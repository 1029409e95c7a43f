using System.Collections.Immutable;

namespace Beyla.Telemetry;

/// <summary>A metric about the observer itself, as opposed to the observed services. Instances are made once and shared.</summary>
public sealed class TelemetryInstrument
{
    /// <summary>Describes a metric.</summary>
    /// <param name="name">OpenTelemetry name, such as <c>beyla.exchanges.dropped</c>; Prometheus spells it <c>beyla_exchanges_dropped_total</c>.</param>
    /// <param name="kind">How its values behave.</param>
    /// <param name="unit">Unit by UCUM, such as <c>s</c>, <c>By</c>, <c>{exchange}</c>.</param>
    /// <param name="description">One sentence without a full stop.</param>
    /// <param name="attributes">Names of its attributes, such as <c>reason</c>.</param>
    public TelemetryInstrument(string name, TelemetryInstrumentKind kind, string unit, string description, params ImmutableArray<string> attributes)
    {
        Name = name;
        Kind = kind;
        Unit = unit;
        Description = description;
        Attributes = attributes;
    }

    /// <summary>OpenTelemetry name.</summary>
    public string Name { get; }

    /// <summary>How its values behave.</summary>
    public TelemetryInstrumentKind Kind { get; }

    /// <summary>Unit by UCUM.</summary>
    public string Unit { get; }

    /// <summary>One sentence without a full stop.</summary>
    public string Description { get; }

    /// <summary>Whether its values are whole numbers. Bytes and counted things are; times, shares and everything else need not be.</summary>
    public bool IsInteger => Unit == "By" || Unit.StartsWith('{') || (Unit == "1" && Kind != TelemetryInstrumentKind.Gauge);

    /// <summary>Names of its attributes.</summary>
    public ImmutableArray<string> Attributes { get; }

    /// <summary>Whether it counts what was lost on the way out, so that its growth is bad news: a health check looks at it. Of counters alone.</summary>
    public bool CountsLosses { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
