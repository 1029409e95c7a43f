using System.Diagnostics;
using System.Globalization;
using System.Net;
using Beyla.Metrics;
using Beyla.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla.Exporters.Prometheus;

/// <summary>
/// Serves metrics pages over HTTP, each at its path, by the listener of the base class library: IPv4, no TLS.
/// It tells about its requests as an <see cref="ITelemetrySource"/>. All members may be called from any thread.
/// </summary>
public sealed class PrometheusHttpServer : ITelemetrySource, IAsyncDisposable
{
    // Prometheus scrapes from one or two places; more at a time is a mistake or worse, and each costs the memory of a page.
    private const int MaxConcurrentRequests = 8;

    private readonly PrometheusOptions _options;
    private readonly ILogger _logger;
    private readonly HttpListener _listener = new() { IgnoreWriteExceptions = true };
    private readonly Dictionary<string, ServedPath> _paths = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(MaxConcurrentRequests);
    private Task? _loop;
    private bool _isDisposed;

    /// <summary>Makes a server that does not listen yet. Add pages with <see cref="Map"/>, then call <see cref="Start()"/>.</summary>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    public PrometheusHttpServer(PrometheusOptions options, ILogger<PrometheusHttpServer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(nameof(PrometheusOptions), errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        _options = options;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
    }

    /// <summary>TCP port.</summary>
    internal int Port => _options.Port;

    /// <summary>Serves the metrics of <paramref name="store"/> at the path of the options, from now until disposal.</summary>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    /// <exception cref="IOException">The address can't be listened on; the message says why and what to do.</exception>
    public static PrometheusHttpServer Start(RedStore store, PrometheusOptions options, ILogger<PrometheusHttpServer>? logger = null)
    {
        var server = new PrometheusHttpServer(options, logger);
        server.Map(options.Path, new RedMetricsPage(store, options));
        server.Start();
        return server;
    }

    /// <summary>Adds a page. Pages at one path are served one after the other.</summary>
    /// <exception cref="ArgumentException">The path is not one.</exception>
    /// <exception cref="InvalidOperationException">The server was started.</exception>
    public void Map(string path, IMetricsPage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (!PrometheusOptions.IsPath(path))
        {
            throw new ArgumentException($"'{path}' is no path: give one such as /metrics.", nameof(path));
        }

        if (_loop is not null)
        {
            throw new InvalidOperationException("The server is started: map pages before.");
        }

        if (!_paths.TryGetValue(path, out var served))
        {
            _paths.Add(path, served = new());
        }

        served.Pages.Add(page);
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The address can't be listened on; the message says why and what to do.</exception>
    /// <exception cref="InvalidOperationException">The server was started before, or its port is 0.</exception>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_loop is not null || _options.Port == 0)
        {
            throw new InvalidOperationException(_loop is not null ? "The server is started already." : "Port 0 serves nothing: give a port from 1 to 65535.");
        }

        try
        {
            foreach (var prefix in ListenPrefixes.Of(_options))
            {
                _listener.Prefixes.Add(prefix);
            }

            _listener.Start();
        }
        catch (HttpListenerException e)
        {
            _listener.Close();
            _isDisposed = true;
            throw new IOException(ListenPrefixes.Explain(_options, e), e);
        }

        _loop = Task.Run(AcceptAsync);
    }

    /// <inheritdoc/>
    public void Collect(ITelemetryVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        Each(PrometheusInstruments.Requests, served => served.Requests);
        Each(PrometheusInstruments.Failures, served => served.Failures);
        Each(PrometheusInstruments.ResponseTime, served => served.Time.TotalSeconds);
        Each(PrometheusInstruments.ResponseBytes, served => served.Bytes);

        void Each(TelemetryInstrument instrument, Func<ServedPath, double> value)
        {
            var port = _options.Port.ToString(CultureInfo.InvariantCulture);
            foreach (var (path, served) in _paths)
            {
                visitor.Visit(instrument, value(served), port, path);
            }
        }
    }

    /// <summary>Stops listening and ends requests under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _listener.Close();
        if (_loop is not null)
        {
            await _loop.ConfigureAwait(false);
        }

        // Whoever holds a slot may still use a page that is about to be disposed.
        for (var i = 0; i < MaxConcurrentRequests; i++)
        {
            await _slots.WaitAsync().ConfigureAwait(false);
        }

        _slots.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (!_listener.IsListening && e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            catch (HttpListenerException e)
            {
                PrometheusLog.AcceptFailed(_logger, e);
                continue;
            }

            if (_slots.Wait(0))
            {
                _ = Task.Run(() => ServeAsync(context));
            }
            else
            {
                MetricsResponse.Refuse(context.Response, HttpStatusCode.ServiceUnavailable);
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        var path = context.Request.Url?.AbsolutePath ?? "";
        var served = _paths.GetValueOrDefault(path);
        var began = Stopwatch.GetTimestamp();
        try
        {
            if (served is null)
            {
                MetricsResponse.Refuse(context.Response, HttpStatusCode.NotFound);
            }
            else if (context.Request.HttpMethod is not ("GET" or "HEAD"))
            {
                context.Response.AddHeader("Allow", "GET, HEAD");
                MetricsResponse.Refuse(context.Response, HttpStatusCode.MethodNotAllowed);
            }
            else
            {
                served.CountRequest();
                var bytes = await MetricsResponse.SendAsync(context, served.Pages).ConfigureAwait(false);
                served.CountAnswer(bytes, Stopwatch.GetElapsedTime(began));
            }
        }
#pragma warning disable CA1031 // One failed scrape, whatever the page threw, must not end the server.
        catch (Exception e)
#pragma warning restore CA1031
        {
            served?.CountFailure();
            PrometheusLog.ScrapeFailed(_logger, path, e);
            MetricsResponse.Refuse(context.Response, HttpStatusCode.InternalServerError);
        }
        finally
        {
            _slots.Release();
        }
    }
}
