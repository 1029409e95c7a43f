using Beyla.Tracing;

namespace Beyla.Attributes;

/// <summary>Hands on those attributes of a span that are shown.</summary>
internal sealed class SelectedAttributes(SpanSelection selection, ISpanAttributeVisitor visitor) : ISpanAttributeVisitor
{
    public void Visit(string name, string value)
    {
        if (selection.Shows(name))
        {
            visitor.Visit(name, value);
        }
    }

    public void Visit(string name, ReadOnlySpan<char> value)
    {
        if (selection.Shows(name))
        {
            visitor.Visit(name, value);
        }
    }

    public void Visit(string name, long value)
    {
        if (selection.Shows(name))
        {
            visitor.Visit(name, value);
        }
    }

    public void Visit(string name, SocketEndpoint address)
    {
        if (selection.Shows(name))
        {
            visitor.Visit(name, address);
        }
    }

    public void Visit(string name, params ReadOnlySpan<string> parts)
    {
        if (selection.Shows(name))
        {
            visitor.Visit(name, parts);
        }
    }
}
