namespace Beyla.Agent.Configuration.Settings;

/// <summary>What <c>filter.application</c> says of one attribute.</summary>
internal sealed class FilterSettings
{
    internal string? Match { get; set; }

    internal string? NotMatch { get; set; }

    internal double? EqualTo { get; set; }

    internal double? NotEqualTo { get; set; }

    internal double? GreaterThan { get; set; }

    internal double? GreaterOrEqual { get; set; }

    internal double? LessThan { get; set; }

    internal double? LessOrEqual { get; set; }
}
