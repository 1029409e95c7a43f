using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>One line of a program's own log.</summary>
/// <param name="Id">The query's id; <see langword="null"/> if the request had none.</param>
/// <param name="Seen">What the program saw.</param>
internal sealed record LogEntry(string? Id, Observation Seen);
