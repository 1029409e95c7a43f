namespace Beyla.Routing;

/// <summary>How paths become routes. Read once by <see cref="RouteRules"/>; later changes have no effect there.</summary>
public sealed class RouteOptions
{
    private const string PathSigns = "/?#%.-_";

    /// <summary>Patterns in the syntax of <see cref="RouteTemplate"/>; the most specific one names the route.</summary>
    public IList<string> Patterns { get; } = [];

    /// <summary>Patterns of paths to leave out, as <see cref="IgnoreMode"/> says.</summary>
    public IList<string> IgnoredPatterns { get; } = [];

    /// <summary>What the paths of <see cref="IgnoredPatterns"/> are left out of. Default: metrics and traces.</summary>
    public RouteIgnoreMode IgnoreMode { get; set; } = RouteIgnoreMode.All;

    /// <summary>The route of paths that no pattern matches. Default: <see cref="UnmatchedRoute.LowCardinality"/>.</summary>
    public UnmatchedRoute Unmatched { get; set; } = UnmatchedRoute.LowCardinality;

    /// <summary>
    /// Stands for a folder that is a value. A printable ASCII character, no letter, no digit and none of <c>/ ? # % . - _</c>.
    /// Default: <c>*</c>.
    /// </summary>
    public char WildcardChar { get; set; } = '*';

    /// <summary>
    /// How many names a folder may take before all of them become a wildcard, with <see cref="UnmatchedRoute.LowCardinality"/>.
    /// 0 sets no limit. Default: 10.
    /// </summary>
    public int MaxPathSegmentCardinality { get; set; } = 10;

    /// <summary>Adds a message for each wrong value; each names the option, the value and the way out.</summary>
    /// <param name="section">Where the options come from, such as <c>routes</c>.</param>
    /// <param name="errors">Receives the messages.</param>
    internal void Validate(string section, ICollection<string> errors)
    {
        ValidatePatterns($"{section}.{nameof(Patterns)}", Patterns, errors);
        ValidatePatterns($"{section}.{nameof(IgnoredPatterns)}", IgnoredPatterns, errors);
        ValidateName($"{section}.{nameof(IgnoreMode)}", IgnoreMode, errors);
        ValidateName($"{section}.{nameof(Unmatched)}", Unmatched, errors);
        if (WildcardChar is <= ' ' or >= '\x7F' || char.IsAsciiLetterOrDigit(WildcardChar) || PathSigns.Contains(WildcardChar))
        {
            var shown = char.IsControl(WildcardChar) ? $"U+{(int)WildcardChar:X4}" : $"'{WildcardChar}'";
            errors.Add($"{section}.{nameof(WildcardChar)}: {shown} could be mistaken for a part of a path; "
                + "use a sign such as '*', '+' or '~'.");
        }

        if (MaxPathSegmentCardinality < 0)
        {
            errors.Add($"{section}.{nameof(MaxPathSegmentCardinality)}: {MaxPathSegmentCardinality} is negative; "
                + "use 1 or more names a folder, or 0 for no limit.");
        }
    }

    private static void ValidatePatterns(string option, IList<string> patterns, ICollection<string> errors)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (!RouteTemplate.TryParse(patterns[i], out _, out var error))
            {
                errors.Add($"{option}[{i}]: {error}");
            }
        }
    }

    private static void ValidateName<TEnum>(string option, TEnum value, ICollection<string> errors)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            errors.Add($"{option}: {value} is not known; use one of {string.Join(", ", Enum.GetNames<TEnum>())}.");
        }
    }
}
