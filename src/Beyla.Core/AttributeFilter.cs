using Beyla.Attributes;
using Beyla.Discovery.Selection;

namespace Beyla;

/// <summary>
/// A condition on one attribute of an exchange, decided once, before anything is recorded: what does not meet it reaches neither
/// metrics nor spans and is counted as filtered. All conditions that are set must hold. An absent attribute is an empty text and
/// no number, so that of the numeric conditions it meets <see cref="NotEqualTo"/> alone.
/// </summary>
public sealed class AttributeFilter
{
    /// <summary>The attribute, with dots or with underscores: <c>url.path</c>, <c>url_path</c>. Its value is the one that a span would show.</summary>
    public required string Attribute { get; init; }

    /// <summary>Glob that the whole value must fit, such as <c>/api/*</c>; a number is compared as its decimal digits.</summary>
    public string? Match { get; init; }

    /// <summary>Glob that the whole value must not fit.</summary>
    public string? NotMatch { get; init; }

    /// <summary>The number that the value must be.</summary>
    public double? EqualTo { get; init; }

    /// <summary>The number that the value must not be.</summary>
    public double? NotEqualTo { get; init; }

    /// <summary>The number that the value must be above.</summary>
    public double? GreaterThan { get; init; }

    /// <summary>The least number that the value may be.</summary>
    public double? GreaterOrEqual { get; init; }

    /// <summary>The number that the value must be below.</summary>
    public double? LessThan { get; init; }

    /// <summary>The greatest number that the value may be.</summary>
    public double? LessOrEqual { get; init; }

    internal bool ComparesNumbers =>
        EqualTo is not null || NotEqualTo is not null || GreaterThan is not null || GreaterOrEqual is not null || LessThan is not null || LessOrEqual is not null;

    internal void Validate(string section, ICollection<string> errors)
    {
        var known = KnownAttributes.FindFilterable(Attribute);
        if (known is null)
        {
            errors.Add($"{section}.{nameof(Attribute)} is '{Attribute}': no such attribute can be filtered by; {Suggest()}");
        }

        if (Match is null && NotMatch is null && !ComparesNumbers)
        {
            errors.Add($"{section} has no condition on {Attribute}: set {nameof(Match)}, {nameof(NotMatch)} or one of the numeric comparisons.");
        }

        if (known is { IsInteger: false } && ComparesNumbers)
        {
            errors.Add($"{section} compares {Attribute} with a number: its values are texts; use {nameof(Match)} or {nameof(NotMatch)}.");
        }

        ValidateGlob($"{section}.{nameof(Match)}", Match, errors);
        ValidateGlob($"{section}.{nameof(NotMatch)}", NotMatch, errors);
    }

    private string Suggest()
    {
        var names = KnownAttributes.Filterable.Select(attribute => attribute.Name).ToArray();
        return EditDistance.Nearest(Attribute.Trim().Replace('_', '.'), names) is { } nearest ? $"did you mean {nearest}?" : $"there are {string.Join(", ", names)}.";
    }

    private static void ValidateGlob(string option, string? glob, ICollection<string> errors)
    {
        if (glob is not null && !Glob.TryCompile(glob, out _, out var problem))
        {
            errors.Add($"{option} is '{glob}': {problem}");
        }
    }
}
