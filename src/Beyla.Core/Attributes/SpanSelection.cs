using System.Collections.Frozen;
using Beyla.Tracing;

namespace Beyla.Attributes;

/// <summary>Which attributes spans show, and what is hidden of those that they show.</summary>
internal sealed class SpanSelection
{
    private readonly FrozenSet<string> _hidden;

    internal SpanSelection(AttributeOptions options)
    {
        var shown = KnownAttributes.OnSpans.Where(attribute => !attribute.IsOptional).Select(attribute => attribute.Name).ToHashSet();
        foreach (var selection in options.Select.Where(selection => SelectionSection.IsTraces(selection.Section)))
        {
            shown.UnionWith(KnownAttributes.OnSpans.Select(attribute => attribute.Name).Where(new AttributePatterns(selection.Include).Fit));
            shown.RemoveWhere(new AttributePatterns(selection.Exclude).Fit);
        }

        _hidden = KnownAttributes.OnSpans.Select(attribute => attribute.Name).Except(shown).ToFrozenSet(StringComparer.Ordinal);
        Query = shown.Contains(KnownAttributes.UrlQuery) ? new QueryRedactor(options.SensitiveQueryParameters) : null;
        // What is not even recorded need not be hidden.
        HidesNothing = _hidden.All(name => name == KnownAttributes.UrlQuery);
    }

    /// <summary>Makes queries fit to be shown; <see langword="null"/> when none are.</summary>
    internal QueryRedactor? Query { get; }

    internal bool HidesNothing { get; }

    internal bool Shows(string name) => !_hidden.Contains(name);

    /// <summary>What the visitor is to be handed instead of itself.</summary>
    internal ISpanAttributeVisitor Filter(ISpanAttributeVisitor visitor) => HidesNothing ? visitor : new SelectedAttributes(this, visitor);
}
