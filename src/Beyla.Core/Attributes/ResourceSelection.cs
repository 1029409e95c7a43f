namespace Beyla.Attributes;

/// <summary>Which attributes the resources of observed services have.</summary>
internal sealed class ResourceSelection
{
    private static readonly AttributePatterns Identity = new(SelectionSection.Identity);

    private readonly (AttributePatterns Include, AttributePatterns Exclude)[] _sections;

    private ResourceSelection(IEnumerable<AttributeSelection> sections) =>
        _sections = [.. sections.Select(section => (new AttributePatterns(section.Include), new AttributePatterns(section.Exclude)))];

    /// <returns><see langword="null"/> when resources have all of them.</returns>
    internal static ResourceSelection? Of(AttributeOptions options)
    {
        AttributeSelection[] sections = [.. options.Select.Where(selection => SelectionSection.IsResource(selection.Section))];
        return sections.Length == 0 ? null : new(sections);
    }

    internal bool Shows(string name)
    {
        if (Identity.Fit(name))
        {
            return true;
        }

        var shown = _sections[0].Include.IsEmpty;
        foreach (var (include, exclude) in _sections)
        {
            shown = (shown || include.Fit(name)) && !exclude.Fit(name);
        }

        return shown;
    }
}
