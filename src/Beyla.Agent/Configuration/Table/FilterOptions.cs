using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Table;

/// <summary>The conditions of an attribute in <c>filter.application</c>.</summary>
internal static class FilterOptions
{
    internal static OptionTree<FilterSettings> Tree { get; } = new(
        [
            Glob("match", "Glob that the value must fit", nameof(AttributeFilter.Match), s => s.Match, (s, v) => s.Match = v),
            Glob("not_match", "Glob that the value must not fit", nameof(AttributeFilter.NotMatch), s => s.NotMatch, (s, v) => s.NotMatch = v),
            Number("equals", "The number that the value must be", nameof(AttributeFilter.EqualTo), s => s.EqualTo, (s, v) => s.EqualTo = v),
            Number("not_equals", "The number that the value must not be", nameof(AttributeFilter.NotEqualTo), s => s.NotEqualTo, (s, v) => s.NotEqualTo = v),
            Number("greater_than", "The number that the value must be above", nameof(AttributeFilter.GreaterThan), s => s.GreaterThan, (s, v) => s.GreaterThan = v),
            Number("greater_equals", "The least number that the value may be", nameof(AttributeFilter.GreaterOrEqual), s => s.GreaterOrEqual, (s, v) => s.GreaterOrEqual = v),
            Number("less_than", "The number that the value must be below", nameof(AttributeFilter.LessThan), s => s.LessThan, (s, v) => s.LessThan = v),
            Number("less_equals", "The greatest number that the value may be", nameof(AttributeFilter.LessOrEqual), s => s.LessOrEqual, (s, v) => s.LessOrEqual = v),
        ],
        []);

    private static Option<FilterSettings, string?> Glob(
        string key, string summary, string member, Func<FilterSettings, string?> get, Action<FilterSettings, string?> set) =>
        new() { Key = key, Kind = Kind.Text("GLOB"), Summary = summary, Member = member, Get = get, Set = set };

    private static Option<FilterSettings, double?> Number(
        string key, string summary, string member, Func<FilterSettings, double?> get, Action<FilterSettings, double?> set) =>
        new() { Key = key, Kind = new OptionalKind<double>(Kind.Number), Summary = summary, Member = member, Get = get, Set = set };
}
