using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;

namespace Beyla.Agent.Configuration.Table;

/// <summary>The fields of a section of <c>attributes.select</c>.</summary>
internal static class AttributeSectionOptions
{
    internal static OptionTree<AttributeSectionSettings> Tree { get; } = new(
        [
            new Option<AttributeSectionSettings, IReadOnlyList<string>>
            {
                Key = "include",
                Kind = Kind.Texts("ATTRIBUTE"),
                Summary = "Attributes to have, in dot or underscore form; globs are possible",
                Member = nameof(AttributeSelection.Include),
                Get = settings => settings.Include,
                Set = (settings, value) => settings.Include = value,
            },
            new Option<AttributeSectionSettings, IReadOnlyList<string>>
            {
                Key = "exclude",
                Kind = Kind.Texts("ATTRIBUTE"),
                Summary = "Attributes to leave out",
                Member = nameof(AttributeSelection.Exclude),
                Get = settings => settings.Exclude,
                Set = (settings, value) => settings.Exclude = value,
            },
        ],
        []);
}
