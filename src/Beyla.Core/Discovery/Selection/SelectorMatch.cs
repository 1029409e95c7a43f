namespace Beyla.Discovery.Selection;

/// <summary>That a process is selected, and what its selectors say about it.</summary>
/// <param name="Description">The deciding selector in words.</param>
/// <param name="ServiceName"><c>service.name</c>, if a selector sets it.</param>
/// <param name="ServiceNamespace"><c>service.namespace</c>, if a selector sets it.</param>
internal sealed record SelectorMatch(string Description, string? ServiceName, string? ServiceNamespace)
{
    internal static SelectorMatch ByRequest { get; } = new("attached on request", null, null);

    internal ProcessSettings Settings { get; init; } = ProcessSettings.Default;
}
