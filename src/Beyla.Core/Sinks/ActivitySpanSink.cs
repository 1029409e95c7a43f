using System.Diagnostics;
using System.Runtime.CompilerServices;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// Repeats spans as activities of the <see cref="ActivitySource"/> <see cref="BeylaInstrumentation.ActivitySourceName"/>,
/// for hosts that want them in an OpenTelemetry pipeline of their own. While nobody listens to the source it wants no
/// spans, and costs nothing.
/// </summary>
/// <remarks>
/// An activity takes over name, kind, trace id, parent, times (to 100 ns), attributes and status. It chooses its span id
/// itself, so that differs from <see cref="Span.SpanId"/>. A provider has one resource, the host's: what would be in the
/// resource of the observed service (<c>service.name</c>, <c>service.instance.id</c>, <c>process.pid</c> …) is among the
/// attributes. Each activity has a parent context, that of its trace, with the flags by which the session's sampler
/// decided; a parent-based sampler of the host follows them.
/// </remarks>
public sealed class ActivitySpanSink : ISpanSink, IDisposable
{
    private readonly ActivitySource _source = new(BeylaInstrumentation.ActivitySourceName, BeylaInstrumentation.Version);
    private readonly ConditionalWeakTable<ServiceInfo, KeyValuePair<string, object?>[]> _services = [];
    private readonly TagList _tags = new();

    /// <summary>Whether anybody listens to the source.</summary>
    public bool IsEnabled => _source.HasListeners();

    /// <inheritdoc/>
    public ValueTask EmitAsync(ReadOnlyMemory<Span> batch, CancellationToken cancellationToken)
    {
        // An activity without a parent becomes a child of the current one.
        var ambient = Activity.Current;
        Activity.Current = null;
        try
        {
            foreach (var span in batch.Span)
            {
                Emit(span);
            }
        }
        finally
        {
            Activity.Current = ambient;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends the source. May be called more than once.</summary>
    public void Dispose() => _source.Dispose();

    private void Emit(Span span)
    {
        _tags.Clear();
        span.VisitAttributes(_tags);
        _tags.AddRange(_services.GetValue(span.Service, ServiceTags));
        var hasParent = span.ParentSpanId != default;
        var context = new ActivityContext(span.TraceId, span.ParentSpanId, span.TraceFlags, traceState: null, isRemote: hasParent && span.Kind == SpanKind.Server);

        // Attributes at creation, since samplers may look at them; the list is copied.
        using var activity = _source.StartActivity(
            span.Name,
            span.Kind == SpanKind.Server ? ActivityKind.Server : ActivityKind.Client,
            context,
            _tags,
            links: null,
            span.StartTime);
        if (activity is null)
        {
            return;
        }

        if (span.Status == SpanStatus.Error)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }

        activity.SetEndTime(DateTime.UnixEpoch.AddTicks((span.StartUnixNanoseconds + span.DurationNanoseconds) / TimeSpan.NanosecondsPerTick));
    }

    private static KeyValuePair<string, object?>[] ServiceTags(ServiceInfo service)
    {
        var tags = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["service.name"] = service.Name,
            ["service.instance.id"] = service.InstanceId,
        };
        if (service.Namespace.Length > 0)
        {
            tags.Add("service.namespace", service.Namespace);
        }

        if (service.ShowsResourceAttribute("process.pid"))
        {
            tags.Add("process.pid", (long)service.ProcessId);
        }

        foreach (var (name, value) in service.ResourceAttributes)
        {
            tags.TryAdd(name, value);
        }

        return [.. tags];
    }

    private sealed class TagList : List<KeyValuePair<string, object?>>, ISpanAttributeVisitor
    {
        public void Visit(string name, string value) => Add(new(name, value));

        public void Visit(string name, long value) => Add(new(name, value));
    }
}
