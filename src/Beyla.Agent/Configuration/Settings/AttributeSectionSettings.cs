namespace Beyla.Agent.Configuration.Settings;

/// <summary>What <c>attributes.select</c> says of one metric or group.</summary>
internal sealed class AttributeSectionSettings
{
    internal IReadOnlyList<string> Include { get; set; } = [];

    internal IReadOnlyList<string> Exclude { get; set; } = [];
}
