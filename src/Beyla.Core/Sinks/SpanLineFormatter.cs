using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Beyla.Tracing;

namespace Beyla.Sinks;

/// <summary>
/// A span as one line of UTF-8 text:
/// <c>time (total[service]) status operation target(route) [source]->[destination] size:NB svc=[namespace/name]</c>.
/// The time is the request's first byte in the given zone, with microseconds. An unknown status is <c>---</c>, any
/// other word that is not known <c>?</c>.
/// </summary>
internal static class SpanLineFormatter
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.ffffff";

    /// <summary>Appends the line for <paramref name="span"/>, its line feed included.</summary>
    internal static void Append(IBufferWriter<byte> destination, Span span, TimeZoneInfo zone)
    {
        var summary = span.Summarize();
        AppendTime(destination, span, zone);
        AppendDurations(destination, span);
        AppendStatus(destination, summary.StatusCode);
        PrintableText.Append(destination, summary.Operation, escapeSpace: true);
        destination.Write(" "u8);
        PrintableText.Append(destination, summary.Target, escapeSpace: true);
        if (summary.Route is not null)
        {
            destination.Write("("u8);
            PrintableText.Append(destination, summary.Route, escapeSpace: true);
            destination.Write(")"u8);
        }

        AppendEndpoint(destination, " "u8, span.Source);
        AppendEndpoint(destination, "->"u8, span.Destination);
        AppendSize(destination, summary.RequestSize);
        AppendService(destination, span.Service);
        destination.Write("\n"u8);
    }

    private static void AppendTime(IBufferWriter<byte> destination, Span span, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(span.StartTime, zone);
        local.TryFormat(destination.GetSpan(TimeFormat.Length), out var written, TimeFormat, CultureInfo.InvariantCulture);
        destination.Advance(written);
    }

    private static void AppendDurations(IBufferWriter<byte> destination, Span span)
    {
        destination.Write(" ("u8);
        AppendDuration(destination, span.DurationNanoseconds);
        destination.Write("["u8);
        if (span.ServiceNanoseconds is { } service)
        {
            AppendDuration(destination, service);
        }
        else
        {
            destination.Write("?"u8);
        }

        destination.Write("]) "u8);
    }

    private static void AppendDuration(IBufferWriter<byte> destination, long nanoseconds) =>
        destination.Advance(DurationText.Format(nanoseconds, destination.GetSpan(DurationText.MaxLength)));

    private static void AppendStatus(IBufferWriter<byte> destination, int? status)
    {
        if (status is { } known)
        {
            AppendNumber(destination, known);
            destination.Write(" "u8);
        }
        else
        {
            destination.Write("--- "u8);
        }
    }

    // An IPv6 endpoint brings brackets of its own, as in a URL; they stay, else address and port could not be told apart.
    private static void AppendEndpoint(IBufferWriter<byte> destination, ReadOnlySpan<byte> separator, SocketEndpoint endpoint)
    {
        destination.Write(separator);
        destination.Write("["u8);
        Encoding.UTF8.GetBytes(endpoint.ToString(), destination);
        destination.Write("]"u8);
    }

    private static void AppendSize(IBufferWriter<byte> destination, long? size)
    {
        destination.Write(" size:"u8);
        if (size is { } known)
        {
            AppendNumber(destination, known);
        }
        else
        {
            destination.Write("?"u8);
        }

        destination.Write("B"u8);
    }

    private static void AppendService(IBufferWriter<byte> destination, ServiceInfo service)
    {
        destination.Write(" svc=["u8);
        if (service.Namespace.Length > 0)
        {
            PrintableText.Append(destination, service.Namespace, escapeSpace: false);
            destination.Write("/"u8);
        }

        PrintableText.Append(destination, service.Name, escapeSpace: false);
        destination.Write("]"u8);
    }

    private static void AppendNumber(IBufferWriter<byte> destination, long value)
    {
        const int longest = 20;
        Utf8Formatter.TryFormat(value, destination.GetSpan(longest), out var written);
        destination.Advance(written);
    }
}
