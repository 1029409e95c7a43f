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
        var attribute = output.Begin(Field);
        output.Text(Key, name);
        var any = output.Begin(Value);
        output.Text(StringValue, value);
        output.End(any);
        output.End(attribute);
    }

    public void Visit(string name, long value)
    {
        var attribute = output.Begin(Field);
        output.Text(Key, name);
        var any = output.Begin(Value);
        output.Unsigned(IntegerValue, (ulong)value);
        output.End(any);
        output.End(attribute);
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

        var attribute = output.Begin(Field);
        output.Text(Key, name);
        var any = output.Begin(Value);
        output.TextOf(StringValue, bytes, parts);
        output.End(any);
        output.End(attribute);
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
        var attribute = output.Begin(Field);
        output.Text(Key, name);
        var any = output.Begin(Value);
        output.Unsigned(BooleanValue, 1);
        output.End(any);
        output.End(attribute);
    }
}
