using System.Globalization;
using Beyla.Tracing;

namespace Beyla.Exporters.Otlp.Encoding;

/// <summary>Writes attributes as <c>KeyValue</c> messages (opentelemetry/proto/common/v1/common.proto) into one field of the message that is being written.</summary>
internal sealed class AttributeEncoder(ProtobufBuffer output) : ISpanAttributeVisitor
{
    private const int Key = 1;
    private const int Value = 2;
    private const int StringValue = 1;
    private const int BooleanValue = 2;
    private const int IntegerValue = 3;

    /// <summary>Number of the attributes' field in the message around them.</summary>
    internal int Field { get; set; }

    public void Visit(string name, string value) => Visit(name, value.AsSpan());

    public void Visit(string name, ReadOnlySpan<char> value)
    {
        var bytes = System.Text.Encoding.UTF8.GetByteCount(value);
        Begin(name, ProtobufBuffer.SizeOfDelimited(bytes));
        output.Text(StringValue, value, bytes);
    }

    public void Visit(string name, long value)
    {
        Begin(name, 1 + ProtobufBuffer.SizeOf((ulong)value));
        output.Unsigned(IntegerValue, (ulong)value);
    }

    public void Visit(string name, SocketEndpoint address)
    {
        Span<char> text = stackalloc char[SocketEndpoint.MaxAddressLength];
        address.TryFormatAddress(text, out var length);
        Visit(name, text[..length]);
    }

    public void Visit(string name, params ReadOnlySpan<string> parts)
    {
        var bytes = 0;
        foreach (var part in parts)
        {
            bytes += System.Text.Encoding.UTF8.GetByteCount(part);
        }

        Begin(name, ProtobufBuffer.SizeOfDelimited(bytes));
        output.Message(StringValue, bytes);
        foreach (var part in parts)
        {
            output.RawText(part, System.Text.Encoding.UTF8.GetByteCount(part));
        }
    }

    /// <summary>A metric's attribute: text, or an integer where its definition says so.</summary>
    internal void Visit(string name, string value, bool isInteger)
    {
        if (isInteger && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            Visit(name, number);
        }
        else
        {
            Visit(name, value);
        }
    }

    internal void VisitTrue(string name)
    {
        Begin(name, 2);
        output.Unsigned(BooleanValue, 1);
    }

    /// <summary>Writes everything but the content of the <c>AnyValue</c>, of whose length the lengths around it follow.</summary>
    private void Begin(string name, int valueLength)
    {
        var nameBytes = System.Text.Encoding.UTF8.GetByteCount(name);
        output.Message(Field, ProtobufBuffer.SizeOfDelimited(nameBytes) + ProtobufBuffer.SizeOfDelimited(valueLength));
        output.Text(Key, name, nameBytes);
        output.Message(Value, valueLength);
    }
}
