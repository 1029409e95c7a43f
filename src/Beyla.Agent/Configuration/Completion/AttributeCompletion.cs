using System.Globalization;
using Beyla.Agent.Configuration.Settings;
using Beyla.Agent.Configuration.Table;
using Beyla.Attributes;
using Beyla.Discovery.Selection;
using Beyla.Metrics;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>Selection of attributes and filters by them.</summary>
internal static class AttributeCompletion
{
    internal static void Run(CompletionContext context)
    {
        AddSelections(context);
        AddFilters(context);
        var names = context.Settings.Session.Attributes.SensitiveQueryParameters;
        names.Replace([.. names.Union(context.Settings.SensitiveQueryParametersAdded).Except(context.Settings.SensitiveQueryParametersRemoved)]);
    }

    private static void AddSelections(CompletionContext context)
    {
        var target = context.Settings.Session.Attributes.Select;
        foreach (var (section, lists) in context.Settings.Select)
        {
            var key = $"attributes.select.{section}";
            if (BeylaNames.IsMetric(section) && MetricRegistry.Matching(section).IsEmpty)
            {
                context.Warn(key, "is about a metric of Beyla that is not available here; it has no effect.");
                continue;
            }

            var selection = new AttributeSelection { Section = section };
            selection.Include.Replace(Available(context, $"{key}.include", lists.Include));
            selection.Exclude.Replace(lists.Exclude);
            var place = string.Create(CultureInfo.InvariantCulture, $"Attributes.Select[{target.Count}]");
            context.Words.Add(place, key, AttributeSectionOptions.Tree.Options);
            context.Words.Add($"{place}.{nameof(AttributeSelection.Section)}", key, key);
            target.Add(selection);
        }
    }

    // Whoever lists what only Beyla has still gets the rest.
    private static IEnumerable<string> Available(CompletionContext context, string key, IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (BeylaNames.IsAttribute(names[i]) && !Exists(names[i]))
            {
                context.Warn(
                    string.Create(CultureInfo.InvariantCulture, $"{key}[{i}]"), $"is {names[i]}, an attribute of Beyla that is not available here; it has no effect.");
            }
            else
            {
                yield return names[i];
            }
        }
    }

    // To a filter an absent attribute is the empty text and no number, and this one is absent everywhere.
    private static void TellUnavailable(CompletionContext context, string key, FilterSettings filter)
    {
        const string Unavailable = "is about an attribute of Beyla that is not available here";
        var mayBeAbsent = filter is { EqualTo: null, GreaterThan: null, GreaterOrEqual: null, LessThan: null, LessOrEqual: null }
            && FitsNothing(filter.Match) != false
            && FitsNothing(filter.NotMatch) != true;
        if (mayBeAbsent)
        {
            context.Warn(key, $"{Unavailable}; it has no effect.");
        }
        else
        {
            context.Error(key, $"{Unavailable}, so that nothing would pass: leave the condition out, or choose processes by discovery.instrument instead.");
        }
    }

    private static bool? FitsNothing(string? glob) => glob is null ? null : Glob.TryCompile(glob, out var compiled, out _) && compiled.IsMatch("");

    private static bool Exists(string name) => KnownAttributes.All.Select(attribute => attribute.Name)
        .Concat(MetricRegistry.All.SelectMany(metric => metric.Attributes.Concat(metric.OptionalAttributes)).Select(attribute => attribute.Name))
        .Any(attribute => AttributeName.Fits(name, attribute));

    private static void AddFilters(CompletionContext context)
    {
        var target = context.Settings.Session.Filters;
        foreach (var (attribute, filter) in context.Settings.Filters)
        {
            var key = $"filter.application.{attribute}";
            if (BeylaNames.IsAttribute(attribute) && !Exists(attribute))
            {
                TellUnavailable(context, key, filter);
                continue;
            }

            var place = string.Create(CultureInfo.InvariantCulture, $"Filters[{target.Count}]");
            context.Words.Add(place, key, FilterOptions.Tree.Options);
            context.Words.Add($"{place}.{nameof(AttributeFilter.Attribute)}", key, key);
            target.Add(new()
            {
                Attribute = attribute,
                Match = filter.Match,
                NotMatch = filter.NotMatch,
                EqualTo = filter.EqualTo,
                NotEqualTo = filter.NotEqualTo,
                GreaterThan = filter.GreaterThan,
                GreaterOrEqual = filter.GreaterOrEqual,
                LessThan = filter.LessThan,
                LessOrEqual = filter.LessOrEqual,
            });
        }
    }
}
