namespace Beyla.IntegrationTests.Load;

/// <summary>The server did not do what the plan asked for.</summary>
internal sealed class LoadException(ExchangePlan plan, string problem, Exception? inner = null)
    : Exception($"{plan.Method} {plan.Target} ({plan}): {problem}", inner);
