namespace Beyla.Exporters.Otlp.Tests;

/// <summary>A request that the collector took.</summary>
/// <param name="Message">The decoded message.</param>
/// <param name="Headers">Headers by upper-case names.</param>
/// <param name="Path">Path it was sent to.</param>
internal sealed record Delivery<T>(T Message, IReadOnlyDictionary<string, string> Headers, string Path);
