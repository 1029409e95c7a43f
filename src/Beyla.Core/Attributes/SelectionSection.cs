using System.Collections.Immutable;

namespace Beyla.Attributes;

/// <summary>The sections of <see cref="AttributeOptions.Select"/> that are no metrics, and the spelling of those that are.</summary>
internal static class SelectionSection
{
    internal const string Traces = "traces";

    internal const string Resource = "resource";

    /// <summary>What tells services apart is never left out.</summary>
    internal static readonly ImmutableArray<string> Identity = ["service.name", "service.namespace", "service.instance.id"];

    // Prometheus appends the part of a histogram to the name, and the unit before it.
    private static readonly ImmutableArray<string> Parts = ["_ratio", "_bucket", "_sum", "_count", "_total"];
    private static readonly ImmutableArray<string> Units = ["_bytes", "_seconds"];

    internal static bool IsTraces(string section) => section.Trim() == Traces;

    internal static bool IsResource(string section) => section.Trim() == Resource;

    /// <summary>The name of a metric as OpenTelemetry spells it but for underscores, whichever way it was written.</summary>
    internal static string NormalizeMetric(string section) => Without(Without(AttributeName.Normalize(section), Parts), Units);

    private static string Without(string name, ImmutableArray<string> suffixes)
    {
        foreach (var suffix in suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                return name[..^suffix.Length];
            }
        }

        return name;
    }
}
