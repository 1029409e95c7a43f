using System.Collections.Immutable;

namespace Beyla.Telemetry;

/// <summary>A value of a <see cref="TelemetryInstrument"/>.</summary>
/// <param name="Value">In the instrument's unit.</param>
/// <param name="Attributes">One value for each of the instrument's attributes, in their order.</param>
public readonly record struct TelemetryValue(double Value, ImmutableArray<string> Attributes);
