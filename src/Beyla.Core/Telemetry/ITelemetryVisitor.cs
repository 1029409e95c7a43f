namespace Beyla.Telemetry;

/// <summary>Receives what <see cref="ITelemetrySource"/>s tell about themselves.</summary>
public interface ITelemetryVisitor
{
    /// <summary>One value.</summary>
    /// <param name="instrument">What is measured.</param>
    /// <param name="value">The present value, in the instrument's unit; of a counter the sum since the start.</param>
    /// <param name="attributeValues">One value for each of the instrument's attributes, in their order.</param>
    void Visit(TelemetryInstrument instrument, double value, params ReadOnlySpan<string> attributeValues);
}
