using Beyla.Attributes;

namespace Beyla.Metrics;

/// <summary>Which attributes each metric has. Asked once for each instrument when a store is made.</summary>
internal sealed class MetricSelection(AttributeOptions options)
{
    // As in Beyla: a glob sorts before the names that it fits as a rule, so that what is more specific comes later.
    private readonly AttributeSelection[] _sections =
    [
        .. options.Select
            .Where(selection => !SelectionSection.IsTraces(selection.Section) && !SelectionSection.IsResource(selection.Section))
            .OrderBy(selection => SelectionSection.NormalizeMetric(selection.Section), StringComparer.Ordinal),
    ];

    internal AttributeSet Of(InstrumentGroup group, MetricInstrument instrument)
    {
        var selected = group.Standard;
        var isFirst = true;
        foreach (var section in _sections)
        {
            if (!AttributeName.Fits(SelectionSection.NormalizeMetric(section.Section), instrument.Name))
            {
                continue;
            }

            selected = isFirst && section.Include.Count > 0 ? default : selected;
            isFirst = false;
            var (include, exclude) = (new AttributePatterns(section.Include), new AttributePatterns(section.Exclude));
            for (var place = 0; place < group.Selectable.Length; place++)
            {
                var name = group.Selectable[place].Name;
                selected = include.Fit(name) ? selected.With(place) : selected;
                selected = exclude.Fit(name) ? selected.Without(place) : selected;
            }
        }

        return selected;
    }
}
