using System.Collections.Immutable;
using System.Globalization;
using Beyla.Telemetry;
using Microsoft.Extensions.Logging;

namespace Beyla.Exporters.Prometheus;

/// <summary>
/// Serves the RED metrics of a session, and what the session tells about itself if that is asked for, while the session
/// runs. Added by <c>AddPrometheusExporter</c> or <see cref="InstrumentationSessionBuilder.AddExporter"/>.
/// </summary>
public sealed class PrometheusExporter : ISessionExporter, ITelemetrySource
{
    private readonly PrometheusOptions _options;
    private readonly ILogger<PrometheusHttpServer>? _logger;

    // Replaced and never changed: telemetry may be asked for at any moment.
    private ImmutableArray<PrometheusHttpServer> _servers = [];

    /// <summary>Makes an exporter; it listens from the start of the session on.</summary>
    /// <param name="options">Read now and at the start; later changes have no effect.</param>
    /// <param name="logger">Where failed scrapes are logged.</param>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    public PrometheusExporter(PrometheusOptions options, ILogger<PrometheusHttpServer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(nameof(PrometheusOptions), errors);
        if (options is { Port: 0, InternalPort: 0 })
        {
            errors.Add($"{nameof(PrometheusOptions)}.{nameof(PrometheusOptions.Port)} is 0: give the port to serve metrics on, from 1 to 65535.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        _options = options;
        _logger = logger;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">An address can't be listened on; the message says why and what to do. What has another port is served all the same.</exception>
    public ValueTask StartAsync(IInstrumentationSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var servers = new Dictionary<int, PrometheusHttpServer>();
        if (_options.Port != 0)
        {
            Server(_options.Port).Map(_options.Path, new RedMetricsPage(session.Metrics, _options));
        }

        if (_options.InternalPath is { } path)
        {
            Server(_options.InternalPort == 0 ? _options.Port : _options.InternalPort).Map(path, new TelemetryPage(session.Telemetry));
        }

        _servers = [.. servers.Values];
        var failures = new List<IOException>();
        foreach (var server in _servers)
        {
            try
            {
                server.Start();
            }
            catch (IOException exception)
            {
                failures.Add(exception);
            }
        }

        return failures.Count == 0
            ? ValueTask.CompletedTask
            : throw new IOException(string.Join(" ", failures.Select(static failure => failure.Message)), failures[0]);

        PrometheusHttpServer Server(int port)
        {
            if (!servers.TryGetValue(port, out var server))
            {
                servers.Add(port, server = new(_options.WithPort(port), _logger));
            }

            return server;
        }
    }

    /// <inheritdoc/>
    /// <remarks>The pages stay until disposal: whoever scrapes once more gets the last numbers.</remarks>
    public ValueTask StopAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        foreach (var server in _servers)
        {
            server.Collect(visitor);
        }
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }

        _servers = [];
    }

    /// <summary>Where the pages are, for the log.</summary>
    /// <returns>Such as <c>port 9400, path /metrics</c>.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"port {(_options.Port == 0 ? _options.InternalPort : _options.Port)}, path {(_options.Port == 0 ? _options.InternalPath : _options.Path)}");
}
