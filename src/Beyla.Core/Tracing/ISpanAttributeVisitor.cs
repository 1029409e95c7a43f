namespace Beyla.Tracing;

/// <summary>Receives the attributes of a span, named by the OpenTelemetry semantic conventions, without a dictionary in between.</summary>
public interface ISpanAttributeVisitor
{
    /// <summary>A text attribute.</summary>
    void Visit(string name, string value);

    /// <summary>An integer attribute.</summary>
    void Visit(string name, long value);

    /// <summary>A text attribute that is a part of another text. Without an implementation it is visited as text of its own.</summary>
    void Visit(string name, ReadOnlySpan<char> value) => Visit(name, value.ToString());

    /// <summary>The address of an endpoint, without its port. Without an implementation it is visited as text.</summary>
    void Visit(string name, SocketEndpoint address) => Visit(name, address.Address.ToString());

    /// <summary>A text attribute in parts that belong together without anything between. Without an implementation they are visited as one text.</summary>
    void Visit(string name, params ReadOnlySpan<string> parts) => Visit(name, string.Concat(parts));
}
