using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Beyla.Metrics;
using Beyla.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla.Exporters.Prometheus;

/// <summary>
/// Serves metrics pages over HTTP/1.1, each at its path, without TLS. It tells about its requests as an
/// <see cref="ITelemetrySource"/>. All members may be called from any thread.
/// </summary>
public sealed class PrometheusHttpServer : ITelemetrySource, IAsyncDisposable
{
    // Prometheus scrapes from one or two places and keeps its connections; more is a mistake or worse.
    internal const int MaxConnections = 64;

    // Each page costs its memory from its making until it is sent.
    internal const int MaxPages = 8;

    private static readonly TimeSpan AcceptPause = TimeSpan.FromSeconds(1);

    private readonly PrometheusOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ScrapeConnection, Task> _connections = [];
    private List<Socket> _listeners = [];

    // Replaced and never changed: telemetry may be asked for while pages are added.
    private volatile Dictionary<string, ServedPath> _paths = new(StringComparer.Ordinal);
    private Task? _loop;
    private int _pages;
    private bool _isDisposed;

    /// <summary>Makes a server that does not listen yet. Add pages with <see cref="Map"/>, then call <see cref="Start()"/>.</summary>
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    public PrometheusHttpServer(PrometheusOptions options, ILogger<PrometheusHttpServer>? logger = null)
        : this(options, TimeProvider.System, logger)
    {
    }

    internal PrometheusHttpServer(PrometheusOptions options, TimeProvider timeProvider, ILogger<PrometheusHttpServer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        options.Validate(nameof(PrometheusOptions), errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }

        _options = options;
        _timeProvider = timeProvider;
        _logger = (ILogger?)logger ?? NullLogger.Instance;
    }

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

        IEnumerable<IMetricsPage> pages = _paths.TryGetValue(path, out var served) ? [.. served.Pages, page] : [page];
        _paths = new(_paths, StringComparer.Ordinal) { [path] = new([.. pages]) };
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

        _listeners = ListenAddress.Listen(_options);
        _loop = Task.WhenAll(_listeners.Select(AcceptAsync));
        foreach (var path in _paths.Keys)
        {
            PrometheusLog.Serving(_logger, path, _options.Address, _options.Port);
        }
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
        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await (_loop ?? Task.CompletedTask).ConfigureAwait(false);

        // What is under way may still use a page that is about to be disposed.
        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                var connection = new ScrapeConnection(socket, Answer, _timeProvider);
                var isRefused = _connections.Count >= MaxConnections;

                // Added before it runs: it removes itself at its end.
                var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _connections[connection] = ServeAsync(connection, isRefused, begin.Task);
                begin.SetResult();
            }
            catch (Exception exception) when (_stop.IsCancellationRequested && exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // Without a pause a lack of descriptors would make this a busy loop.
                PrometheusLog.AcceptFailed(_logger, exception);
                await Task.Delay(AcceptPause, _timeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(ScrapeConnection connection, bool isRefused, Task begin)
    {
        await begin.ConfigureAwait(false);
        try
        {
            await (isRefused ? connection.RefuseAsync(_stop.Token) : connection.RunAsync(_stop.Token)).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            PrometheusLog.ConnectionBroken(_logger, exception);
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }

    private MetricsResponse Answer(RequestHead request)
    {
        if (!_paths.TryGetValue(request.Path, out var served))
        {
            return MetricsResponse.Refusal(HttpStatusCode.NotFound);
        }

        if (request.Method is not ("GET" or "HEAD"))
        {
            return MetricsResponse.Refusal(HttpStatusCode.MethodNotAllowed);
        }

        served.CountRequest();
        if (Interlocked.Increment(ref _pages) > MaxPages)
        {
            Release();
            served.CountFailure();
            return MetricsResponse.Refusal(HttpStatusCode.ServiceUnavailable);
        }

        try
        {
            var began = Stopwatch.GetTimestamp();
            var response = MetricsResponse.Of(served.Pages, request, Release);
            served.CountAnswer(response.PageBytes, Stopwatch.GetElapsedTime(began));
            return response;
        }
#pragma warning disable CA1031 // One failed scrape, whatever the page threw, must not end the server.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            served.CountFailure();
            PrometheusLog.ScrapeFailed(_logger, request.Path, exception);
            return MetricsResponse.Refusal(HttpStatusCode.InternalServerError);
        }
    }

    private void Release() => Interlocked.Decrement(ref _pages);
}
