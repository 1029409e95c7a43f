using Beyla.Attributes;
using Beyla.Discovery.Selection;
using Beyla.Metrics;

namespace Beyla;

/// <summary>Finds what is wrong with an <see cref="AttributeSelection"/>.</summary>
internal static class SelectionCheck
{
    internal static void Run(AttributeSelection selection, string option, ICollection<string> errors)
    {
        var before = errors.Count;
        CheckGlob($"{option}.{nameof(selection.Section)}", selection.Section, errors);
        CheckNames($"{option}.{nameof(selection.Include)}", selection.Include, errors);
        CheckNames($"{option}.{nameof(selection.Exclude)}", selection.Exclude, errors);
        if (errors.Count > before)
        {
            return;
        }

        if (SelectionSection.IsResource(selection.Section))
        {
            CheckIdentity($"{option}.{nameof(selection.Exclude)}", selection.Exclude, errors);
            return;
        }

        var isTraces = SelectionSection.IsTraces(selection.Section);
        var metrics = isTraces ? [] : MetricRegistry.Matching(selection.Section);
        if (!isTraces && metrics.IsEmpty)
        {
            errors.Add($"{option}.{nameof(selection.Section)} is '{selection.Section}': no metric is called so; there are {string.Join(", ", MetricRegistry.All)}, and the sections {SelectionSection.Traces} and {SelectionSection.Resource}.");
            return;
        }

        string[] known = isTraces
            ? [.. KnownAttributes.OnSpans.Select(attribute => attribute.Name)]
            : [.. metrics.SelectMany(metric => metric.Attributes.Concat(metric.OptionalAttributes)).Select(attribute => attribute.Name).Distinct()];
        for (var i = 0; i < selection.Include.Count; i++)
        {
            var name = selection.Include[i];
            if (!AttributeName.IsGlob(name) && !known.Any(attribute => AttributeName.Fits(name, attribute)))
            {
                errors.Add($"{option}.{nameof(selection.Include)}[{i}] is '{name}': '{selection.Section}' has no such attribute; it has {string.Join(", ", known)}.");
            }
        }
    }

    private static void CheckNames(string option, IList<string> names, ICollection<string> errors)
    {
        for (var i = 0; i < names.Count; i++)
        {
            CheckGlob($"{option}[{i}]", names[i], errors);
        }
    }

    private static void CheckGlob(string option, string name, ICollection<string> errors)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            errors.Add($"{option} is empty: give a name such as http.route, or a glob such as url.*.");
        }
        else if (!Glob.TryCompile(name, out _, out var problem))
        {
            errors.Add($"{option} is '{name}': {problem}");
        }
    }

    private static void CheckIdentity(string option, IList<string> names, ICollection<string> errors)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (!AttributeName.IsGlob(names[i]) && SelectionSection.Identity.Any(attribute => AttributeName.Fits(names[i], attribute)))
            {
                errors.Add($"{option}[{i}] is '{names[i]}': it tells services apart and is always there; leave it out of the list.");
            }
        }
    }
}
