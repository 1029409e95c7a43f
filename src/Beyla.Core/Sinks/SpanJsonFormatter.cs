using System.Buffers.Text;
using System.Text.Json;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>A span as a JSON object with the names that Beyla's printer has.</summary>
internal static class SpanJsonFormatter
{
    private const long NanosecondsPerMicrosecond = 1000;

    internal static void Write(Utf8JsonWriter json, Span span)
    {
        var summary = span.Summarize();
        var isServer = span.Kind == SpanKind.Server;
        json.WriteStartObject();
        json.WriteString("type"u8, span.Protocol.ToUpperInvariant() + (isServer ? "" : "Client"));
        json.WriteString("kind"u8, isServer ? "SPAN_KIND_SERVER"u8 : "SPAN_KIND_CLIENT"u8);
        var (peer, host) = (span.Source.Address.ToString(), span.Destination.Address.ToString());
        json.WriteString("peer"u8, peer);
        WriteNumber(json, "peerPort"u8, span.Source.Port);
        json.WriteString("host"u8, host);
        WriteNumber(json, "hostPort"u8, span.Destination.Port);
        json.WriteString("peerName"u8, isServer ? peer : span.Service.Name);
        json.WriteString("hostName"u8, isServer ? span.Service.Name : summary.ServerName ?? host);
        json.WriteString("traceID"u8, span.TraceId.ToHexString());
        json.WriteString("spanID"u8, span.SpanId.ToHexString());
        json.WriteString("parentSpanID"u8, span.ParentSpanId == default ? "" : span.ParentSpanId.ToHexString());
        WriteNumber(json, "traceFlags"u8, (long)span.TraceFlags);
        WriteTimes(json, span);
        WriteAttributes(json, span, summary, peer, host);
        json.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter json, Span span)
    {
        WriteNumber(json, "start"u8, span.StartUnixNanoseconds / NanosecondsPerMicrosecond);
        WriteNumber(json, "end"u8, (span.StartUnixNanoseconds + span.DurationNanoseconds) / NanosecondsPerMicrosecond);
        WriteDuration(json, "duration"u8, "durationUSec"u8, span.DurationNanoseconds);
        if (span.ServiceNanoseconds is { } service)
        {
            WriteDuration(json, "handlerDuration"u8, "handlerDurationUSec"u8, service);
        }
    }

    private static void WriteAttributes(Utf8JsonWriter json, Span span, SpanSummary summary, string peer, string host)
    {
        var isServer = span.Kind == SpanKind.Server;
        // Protocols without verbs, such as gRPC, have the called method there and no more about it.
        var hasVerb = summary.Operation != span.Protocol;
        json.WriteStartObject("attributes"u8);
        WriteKnown(json, "method"u8, hasVerb ? summary.Operation : summary.Target);
        WriteNumber(json, "status"u8, summary.StatusCode);
        if (hasVerb)
        {
            WriteKnown(json, "url"u8, summary.Target);
        }

        if (hasVerb && isServer)
        {
            WriteNumber(json, "contentLen"u8, summary.RequestSize);
            WriteNumber(json, "responseLen"u8, summary.ResponseSize);
            json.WriteString("route"u8, summary.Route ?? "");
        }

        if (hasVerb || isServer)
        {
            json.WriteString("clientAddr"u8, isServer ? peer : span.Service.Name);
        }

        json.WriteString("serverAddr"u8, isServer ? span.Service.Name : summary.ServerName ?? host);
        WriteNumber(json, "serverPort"u8, span.Destination.Port);
        json.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter json, ReadOnlySpan<byte> name, string word)
    {
        if (word != SpanSummary.Unknown)
        {
            json.WriteString(name, word);
        }
    }

    private static void WriteDuration(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> microseconds, long nanoseconds)
    {
        Span<byte> text = stackalloc byte[DurationText.MaxLength];
        json.WriteString(name, text[..DurationText.Format(nanoseconds, text)]);
        WriteNumber(json, microseconds, nanoseconds / NanosecondsPerMicrosecond);
    }

    // Numbers are texts there, since all attributes are.
    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } known)
        {
            Span<byte> text = stackalloc byte[20];
            Utf8Formatter.TryFormat(known, text, out var length);
            json.WriteString(name, text[..length]);
        }
    }
}
