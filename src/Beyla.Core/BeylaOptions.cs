using System.Globalization;
using Beyla.Capture;
using Beyla.Discovery;
using Beyla.Metrics;
using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla;

/// <summary>Everything a session can be told. Read once when it is built; later changes have no effect.</summary>
public sealed class BeylaOptions
{
    /// <summary>Which processes to observe. Without any selector only those attached by <see cref="IInstrumentationSession.AttachAsync"/>.</summary>
    public DiscoveryOptions Discovery { get; } = new();

    /// <summary>How paths become routes.</summary>
    public RouteOptions Routes { get; } = new();

    /// <summary>The store of RED metrics.</summary>
    public RedOptions Metrics { get; } = new();

    /// <summary>Bounds of the capture in the kernel.</summary>
    public CaptureOptions Capture { get; } = new();

    /// <summary>Which attributes metrics, spans and resources carry.</summary>
    public AttributeOptions Attributes { get; } = new();

    /// <summary>Conditions that every exchange must meet, all of them, to reach metrics and spans; others are counted as filtered.</summary>
    public IList<AttributeFilter> Filters { get; } = [];

    /// <summary>Which spans reach the sinks; metrics count all. Default: what the caller's <c>traceparent</c> says, and every request without one.</summary>
    public Sampler Sampler { get; set; } = Sampler.ParentBased(Sampler.AlwaysOn);

    /// <summary>Spans that wait for one sink at most; the oldest is dropped and counted beyond it (default 16384).</summary>
    public int SinkQueueCapacity { get; set; } = 16384;

    /// <summary>Spans handed to a sink in one call at most (default 512).</summary>
    public int SinkBatchSize { get; set; } = 512;

    /// <summary>How long <see cref="IInstrumentationSession.StopAsync"/> and disposal wait for sinks to take what is queued (default 10 s).</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks everything and returns all errors, each naming the option, its value and the way out; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Discovery.Validate(nameof(Discovery), errors);
        Routes.Validate(nameof(Routes), errors);
        Metrics.Validate(nameof(Metrics), errors);
        Capture.Validate(nameof(Capture), errors);
        Attributes.Validate(nameof(Attributes), errors);
        for (var i = 0; i < Filters.Count; i++)
        {
            Filters[i].Validate($"{nameof(Filters)}[{i}]", errors);
        }

        if (Sampler is null)
        {
            errors.Add($"{nameof(Sampler)} is null; use {nameof(Sampler)}.{nameof(Sampler.AlwaysOn)} for every span.");
        }

        if (SinkBatchSize is < 1 or > 65536)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(SinkBatchSize)} is {SinkBatchSize}; it must be 1 to 65536."));
        }

        if (SinkQueueCapacity < SinkBatchSize)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(SinkQueueCapacity)} is {SinkQueueCapacity}; it must hold a batch, {nameof(SinkBatchSize)} ({SinkBatchSize}) or more."));
        }

        if (ShutdownTimeout < TimeSpan.Zero)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{nameof(ShutdownTimeout)} is {ShutdownTimeout}; it can't be negative."));
        }

        return errors;
    }
}
