using Beyla.Tracing;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using ProtoSpan = OpenTelemetry.Proto.Trace.V1.Span;
using Span = Beyla.Tracing.Span;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>Compares decoded messages with what was sent.</summary>
internal static class Decoded
{
    internal static Dictionary<string, object> Attributes(IEnumerable<KeyValue> attributes) => attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => (object)attribute.Value.StringValue,
        AnyValue.ValueOneofCase.IntValue => attribute.Value.IntValue,
        AnyValue.ValueOneofCase.BoolValue => attribute.Value.BoolValue,
        _ => throw new InvalidDataException($"{attribute.Key} is a {attribute.Value.ValueCase}"),
    });

    internal static IEnumerable<ProtoSpan> Spans(this IEnumerable<Delivery<OpenTelemetry.Proto.Collector.Trace.V1.ExportTraceServiceRequest>> deliveries) =>
        deliveries.SelectMany(delivery => delivery.Message.ResourceSpans).SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans);

    /// <summary>Every field of the message is that of the span, and every attribute, and there is none besides.</summary>
    internal static void AssertEqual(Span expected, ProtoSpan actual)
    {
        Assert.Equal(expected.TraceId.ToHexString(), Convert.ToHexStringLower(actual.TraceId.Span));
        Assert.Equal(expected.SpanId.ToHexString(), Convert.ToHexStringLower(actual.SpanId.Span));
        Assert.Equal(expected.ParentSpanId == default ? "" : expected.ParentSpanId.ToHexString(), Convert.ToHexStringLower(actual.ParentSpanId.Span));
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(expected.Kind == SpanKind.Server ? ProtoSpan.Types.SpanKind.Server : ProtoSpan.Types.SpanKind.Client, actual.Kind);
        Assert.Equal((ulong)expected.StartUnixNanoseconds, actual.StartTimeUnixNano);
        Assert.Equal((ulong)(expected.StartUnixNanoseconds + expected.DurationNanoseconds), actual.EndTimeUnixNano);
        Assert.Equal(expected.Status == SpanStatus.Error ? Status.Types.StatusCode.Error : Status.Types.StatusCode.Unset, actual.Status?.Code ?? Status.Types.StatusCode.Unset);
        Assert.Equal((uint)expected.TraceFlags, actual.Flags & 0xff);
        var attributes = new Recorded();
        expected.VisitAttributes(attributes);
        Assert.Equal(attributes.Values, Attributes(actual.Attributes));
    }

    private sealed class Recorded : ISpanAttributeVisitor
    {
        internal Dictionary<string, object> Values { get; } = [];

        public void Visit(string name, string value) => Values.Add(name, value);

        public void Visit(string name, long value) => Values.Add(name, value);
    }
}
