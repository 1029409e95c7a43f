namespace Beyla.Routing;

/// <summary>What is known of a path.</summary>
/// <param name="Route">Its route; <see langword="null"/> when it has none. Mostly the same object when equal.</param>
/// <param name="IgnoreMetrics">Whether metrics leave it out.</param>
/// <param name="IgnoreTraces">Whether traces leave it out.</param>
public readonly record struct RouteDecision(string? Route, bool IgnoreMetrics, bool IgnoreTraces);
