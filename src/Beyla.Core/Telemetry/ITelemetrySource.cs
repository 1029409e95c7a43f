namespace Beyla.Telemetry;

/// <summary>Tells what it does itself in numbers: the session, an exporter, a sink. May be asked by any thread at any time.</summary>
public interface ITelemetrySource
{
    /// <summary>Hands the present values of all its instruments to <paramref name="visitor"/>, those of one instrument in a row.</summary>
    void Collect(ITelemetryVisitor visitor);
}
