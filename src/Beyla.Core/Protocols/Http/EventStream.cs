using System.Text;

namespace Beyla.Protocols.Http;

/// <summary>Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): a response that lasts as long as someone listens.</summary>
internal static class EventStream
{
    private static ReadOnlySpan<byte> Type => "text/event-stream"u8;

    /// <summary>Whether the value of a <c>Content-Type</c> field says so.</summary>
    internal static bool IsType(ReadOnlySpan<byte> value) =>
        value.Length >= Type.Length
        && Ascii.EqualsIgnoreCase(value[..Type.Length], Type)
        && (value.Length == Type.Length || value[Type.Length] is (byte)';' or (byte)' ');
}
