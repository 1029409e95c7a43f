using System.Globalization;
using Beyla.Sinks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Beyla;

/// <summary>Puts a session together without a dependency-injection container. Not thread-safe; a builder builds one session.</summary>
public sealed class InstrumentationSessionBuilder
{
    private readonly List<ISpanSink> _sinks = [];
    private readonly List<ISessionExporter> _exporters = [];
    private BeylaOptions _options = new();
    private ILoggerFactory _loggerFactory = NullLoggerFactory.Instance;
    private TimeProvider _timeProvider = TimeProvider.System;
    private string _name = "";
    private bool _built;

    /// <summary>Changes the options.</summary>
    public InstrumentationSessionBuilder Configure(Action<BeylaOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }

    /// <summary>Replaces the options by ones that the caller made.</summary>
    public InstrumentationSessionBuilder UseOptions(BeylaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        return this;
    }

    /// <summary>Adds a sink; the session disposes it at its own end. Without any sink spans are not even made, only metrics.</summary>
    public InstrumentationSessionBuilder AddSink(ISpanSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sinks.Add(sink);
        return this;
    }

    /// <summary>
    /// Repeats spans as activities of the source <see cref="BeylaInstrumentation.ActivitySourceName"/>; see
    /// <see cref="ActivitySpanSink"/>. A second call has no effect.
    /// </summary>
    public InstrumentationSessionBuilder AddActivitySource() => _sinks.Any(sink => sink is ActivitySpanSink) ? this : AddSink(new ActivitySpanSink());

    /// <summary>Adds a channel to pull spans from.</summary>
    /// <param name="channel">The channel; each call makes another one, which gets all spans.</param>
    /// <param name="capacity">Spans kept for the consumer; beyond it the oldest is dropped and counted.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public InstrumentationSessionBuilder AddChannel(out ChannelSpanSink channel, int capacity = ChannelSpanSink.DefaultCapacity)
    {
        var number = _sinks.Count(sink => sink is ChannelSpanSink) + 1;
        channel = number == 1
            ? new ChannelSpanSink(capacity)
            : new ChannelSpanSink(capacity) { Name = string.Create(CultureInfo.InvariantCulture, $"spans#{number}") };
        return AddSink(channel);
    }

    /// <summary>Adds an exporter, which starts and stops with the session; the session disposes it at its own end.</summary>
    public InstrumentationSessionBuilder AddExporter(ISessionExporter exporter)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        _exporters.Add(exporter);
        return this;
    }

    /// <summary>
    /// Names the session, for processes with several: its meters carry the name as the tag <c>beyla.session</c>. Default:
    /// none. A name that a living session has gets a number (<c>NAME#2</c>).
    /// </summary>
    public InstrumentationSessionBuilder UseName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = name;
        return this;
    }

    /// <summary>Where the session logs (default: nowhere).</summary>
    public InstrumentationSessionBuilder UseLoggerFactory(ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _loggerFactory = loggerFactory;
        return this;
    }

    /// <summary>The clock for expiry and wall time (default: the system's).</summary>
    public InstrumentationSessionBuilder UseTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
        return this;
    }

    /// <summary>Checks the options and makes the session; nothing is loaded before <see cref="IInstrumentationSession.StartAsync"/>.</summary>
    /// <exception cref="BeylaOptionsException">The options are wrong; all errors at once.</exception>
    /// <exception cref="InvalidOperationException">The builder has built its session.</exception>
    public IInstrumentationSession Build()
    {
        if (_built)
        {
            throw new InvalidOperationException("This builder has built its session; sinks and options belong to that one. Make a new builder.");
        }

        var errors = _options.Validate();
        if (errors.Count > 0)
        {
            throw new BeylaOptionsException(errors);
        }

        _built = true;
        return new InstrumentationSession(_options, _sinks, _exporters, _name, _loggerFactory, _timeProvider);
    }
}
