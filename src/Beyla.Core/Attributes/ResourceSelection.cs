namespace Beyla.Attributes;

/// <summary>Which attributes the resources of observed services have.</summary>
internal sealed class ResourceSelection
{
    private readonly AttributeSelection[] _sections;

    private ResourceSelection(AttributeSelection[] sections) => _sections = sections;

    /// <returns><see langword="null"/> when resources have all of them.</returns>
    internal static ResourceSelection? Of(AttributeOptions options)
    {
        AttributeSelection[] sections = [.. options.Select.Where(selection => SelectionSection.IsResource(selection.Section))];
        return sections.Length == 0 ? null : new(sections);
    }

    internal bool Shows(string name)
    {
        if (SelectionSection.Identity.Any(attribute => AttributeName.Fits(name, attribute)))
        {
            return true;
        }

        var shown = _sections[0].Include.Count == 0;
        foreach (var section in _sections)
        {
            shown |= section.Include.Any(pattern => AttributeName.Fits(pattern, name));
            shown &= !section.Exclude.Any(pattern => AttributeName.Fits(pattern, name));
        }

        return shown;
    }
}
