namespace Beyla.IntegrationTests.Load;

/// <summary>What happens on one connection: batches one after the other, the requests of a batch at once.</summary>
internal sealed record ConnectionScript(IReadOnlyList<IReadOnlyList<ExchangePlan>> Batches);
