using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Beyla.Metrics;
using Microsoft.Extensions.Logging;

namespace Beyla.Telemetry;

/// <summary>
/// The meters of a session, from its start to its disposal. Several sessions of a process have meters of the same names,
/// which the tag <c>beyla.session</c> tells apart: what is equal in name, version and tags would be one to listeners, and
/// would end with the first of them. A meter whose listeners or sources throw is off; the session goes on.
/// </summary>
internal sealed class SessionMeters : IDisposable
{
    private readonly ILogger _logger;
    private readonly SessionName _name;
    private readonly RedMeter _metrics;
    private readonly TelemetryMeter _telemetry;
    private ImmutableArray<string> _failures = [];

    internal SessionMeters(IInstrumentationSession session, string name, ILogger logger, TimeProvider timeProvider)
    {
        _logger = logger;
        _name = SessionName.Take(name);
        _metrics = new RedMeter(session.Metrics, Options(BeylaInstrumentation.MeterName), exception => Fail(BeylaInstrumentation.MeterName, exception));
        _telemetry = new TelemetryMeter(session.Telemetry, Options(BeylaInstrumentation.InternalMeterName), timeProvider);

        MeterOptions Options(string meter) => new(meter)
        {
            Version = BeylaInstrumentation.Version,
            Scope = session,
            Tags = _name.Value.Length == 0 ? null : [new("beyla.session", _name.Value)],
        };
    }

    /// <summary>What keeps a meter from working, a sentence each. Any thread.</summary>
    internal ImmutableArray<string> Failures => _failures;

    public void Dispose()
    {
        _metrics.Dispose();
        _telemetry.Dispose();
        _name.Dispose();
    }

    /// <summary>Shows the RED metrics to listeners.</summary>
    internal void ConnectMetrics() => Connect(BeylaInstrumentation.MeterName, _metrics.Connect, _metrics);

    /// <summary>Shows listeners what the session tells about itself.</summary>
    internal void ConnectTelemetry() => Connect(BeylaInstrumentation.InternalMeterName, () => _telemetry.Connect(SessionInstruments.Sporadic), _telemetry);

    private void Connect(string name, Action connect, IDisposable meter)
    {
        try
        {
            connect();
        }
#pragma warning disable CA1031 // listeners and foreign sinks are called here, and whatever they throw must not end the capture
        catch (Exception exception)
#pragma warning restore CA1031
        {
            meter.Dispose();
            Fail(name, exception);
        }
    }

    private void Fail(string meter, Exception exception)
    {
        var failure = $"The meter '{meter}' is off until the session is started anew, because a listener or a source of it threw an exception: {exception.Message}";
        SessionLog.ExporterFailed(_logger, exception, failure);
        ImmutableInterlocked.Update(ref _failures, failures => failures.Add(failure));
    }
}
