namespace Beyla.Tracing;

/// <summary>Receives the attributes of a span, named by the OpenTelemetry semantic conventions, without a dictionary in between.</summary>
public interface ISpanAttributeVisitor
{
    /// <summary>A text attribute.</summary>
    void Visit(string name, string value);

    /// <summary>An integer attribute.</summary>
    void Visit(string name, long value);
}
