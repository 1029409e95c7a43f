namespace Beyla.IntegrationTests.Truth;

/// <summary>One field of one request that differs.</summary>
internal sealed record Mismatch(TruthField Field, TruthRecord Expected, Observation Observed, string Detail)
{
    public override string ToString() => $"{Field} of {Expected.Method} {Expected.Path} (id {Expected.Id}): {Detail}";
}
