using System.Globalization;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Pipeline;

/// <summary>What a span shows.</summary>
internal sealed class AttributeCollector : ISpanAttributeVisitor
{
    internal AttributeCollector(Span span) => span.VisitAttributes(this);

    internal Dictionary<string, string> Values { get; } = [];

    public void Visit(string name, string value) => Values.Add(name, value);

    public void Visit(string name, long value) => Values.Add(name, value.ToString(CultureInfo.InvariantCulture));
}
