using System.Runtime.InteropServices;
using Beyla.Tracing;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>
/// Encodes spans as <c>ExportTraceServiceRequest</c>s (opentelemetry/proto/collector/trace/v1) with one
/// <c>ResourceSpans</c> for each service. For one thread; allocates nothing once its tables have grown.
/// </summary>
internal sealed class SpanEncoder : IDisposable
{
    private const int Spans = 2;
    private const int Error = 2;

    // Bits of Span.flags beside the trace flags: whether it is known that the parent is remote, and whether it is.
    private const uint ParentLocationKnown = 0x100;
    private const uint ParentIsRemote = 0x200;

    private readonly ProtobufBuffer _output = new();
    private readonly RequestWriter _requests;
    private readonly AttributeEncoder _attributes;
    private readonly ResourceEncoder _resources;
    private readonly Dictionary<ServiceInfo, int> _lastOfService = new(ReferenceEqualityComparer.Instance);
    private readonly List<int> _firstOfService = [];
    private int[] _next = [];

    internal SpanEncoder(ResourceEncoder resources, int maxBytes)
    {
        _resources = resources;
        _requests = new RequestWriter(_output, maxBytes);
        _attributes = new AttributeEncoder(_output);
    }

    public void Dispose() => _output.Dispose();

    /// <summary>Encodes spans.</summary>
    /// <returns>The requests, one as a rule; valid until the next call.</returns>
    internal RequestWriter Encode(ReadOnlySpan<Span> spans)
    {
        _requests.Clear();
        LinkByService(spans);
        foreach (var first in _firstOfService)
        {
            _requests.SetResource(_resources.Of(spans[first].Service));
            for (var i = first; i >= 0; i = _next[i])
            {
                _requests.Open();
                Write(spans[i]);
                _requests.CountItem();
                if (_requests.IsFull)
                {
                    _requests.Cut();
                }
            }
        }

        _requests.Cut();
        return _requests;
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
