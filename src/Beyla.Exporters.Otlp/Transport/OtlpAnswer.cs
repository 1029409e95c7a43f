namespace Beyla.Exporters.Otlp.Transport;

/// <summary>The answer to one attempt.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Explanation">In words, with the way out where there is one; empty when all went well.</param>
/// <param name="RetryAfter">How long the collector asks to wait.</param>
/// <param name="RejectedItems">Items of an accepted request that the collector did not take.</param>
internal readonly record struct OtlpAnswer(OtlpOutcome Outcome, string Explanation = "", TimeSpan? RetryAfter = null, long RejectedItems = 0);
