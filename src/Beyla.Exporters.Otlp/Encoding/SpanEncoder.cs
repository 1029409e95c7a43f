using System.Runtime.InteropServices;
using Beyla.Tracing;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// Encodes spans as an <c>ExportTraceServiceRequest</c> (opentelemetry/proto/collector/trace/v1), one
/// <c>ResourceSpans</c> for each service. For one thread; allocates nothing once its tables have grown.
/// </summary>
internal sealed class SpanEncoder : IDisposable
{
    private const int ResourceSpans = 1;
    private const int Resource = 1;
    private const int ScopeSpans = 2;
    private const int Scope = 1;
    private const int Spans = 2;
    private const int Error = 2;

    // Bits of Span.flags beside the trace flags: whether it is known that the parent is remote, and whether it is.
    private const uint ParentLocationKnown = 0x100;
    private const uint ParentIsRemote = 0x200;

    private readonly ProtobufBuffer _output = new();
    private readonly AttributeEncoder _attributes;
    private readonly ResourceEncoder _resources;
    private readonly Dictionary<ServiceInfo, int> _lastOfService = new(ReferenceEqualityComparer.Instance);
    private readonly List<int> _firstOfService = [];
    private int[] _next = [];

    internal SpanEncoder(ResourceEncoder resources)
    {
        _resources = resources;
        _attributes = new AttributeEncoder(_output);
    }

    public void Dispose() => _output.Dispose();

    /// <summary>The request; valid until the next call.</summary>
    internal ReadOnlyMemory<byte> Encode(ReadOnlySpan<Span> spans)
    {
        _output.Clear();
        LinkByService(spans);
        foreach (var first in _firstOfService)
        {
            var resourceSpans = _output.Begin(ResourceSpans);
            _output.Bytes(Resource, _resources.Of(spans[first].Service));
            var scopeSpans = _output.Begin(ScopeSpans);
            ScopeEncoder.Write(_output, Scope);
            for (var i = first; i >= 0; i = _next[i])
            {
                Write(spans[i]);
            }

            _output.End(scopeSpans);
            _output.End(resourceSpans);
        }

        return _output.Written;
    }

    // Each span points at the next one of its service: groups without moving or allocating anything.
    private void LinkByService(ReadOnlySpan<Span> spans)
    {
        _firstOfService.Clear();
        _lastOfService.Clear();
        if (_next.Length < spans.Length)
        {
            _next = new int[spans.Length];
        }

        for (var i = 0; i < spans.Length; i++)
        {
            _next[i] = -1;
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_lastOfService, spans[i].Service, out var isKnown);
            if (isKnown)
            {
                _next[last] = i;
            }
            else
            {
                _firstOfService.Add(i);
            }

            last = i;
        }
    }

    private void Write(Span span)
    {
        Span<byte> id = stackalloc byte[16];
        var message = _output.Begin(Spans);
        span.TraceId.CopyTo(id);
        _output.Bytes(1, id);
        span.SpanId.CopyTo(id[..8]);
        _output.Bytes(2, id[..8]);
        var hasParent = span.ParentSpanId != default;
        if (hasParent)
        {
            span.ParentSpanId.CopyTo(id[..8]);
            _output.Bytes(4, id[..8]);
        }

        _output.Text(5, span.Name);
        _output.Unsigned(6, span.Kind == SpanKind.Server ? 2UL : 3UL);
        _output.Fixed64(7, (ulong)span.StartUnixNanoseconds);
        _output.Fixed64(8, (ulong)(span.StartUnixNanoseconds + span.DurationNanoseconds));
        _attributes.Field = 9;
        span.VisitAttributes(_attributes);
        if (span.Status == SpanStatus.Error)
        {
            var status = _output.Begin(15);
            _output.Unsigned(3, Error);
            _output.End(status);
        }

        // A server's parent came over the wire; a client's is a span of the process itself.
        var parent = !hasParent ? 0 : span.Kind == SpanKind.Server ? ParentLocationKnown | ParentIsRemote : ParentLocationKnown;
        _output.Fixed32(16, (uint)span.TraceFlags | parent);
        _output.End(message);
    }
}
