namespace Beyla.Metrics;

/// <summary>The values of the optional attributes of an instrument group, which has two at most; <see langword="null"/> for an absent one.</summary>
internal readonly record struct OptionalAttributes(string? First, string? Second);
