using System.Text;

namespace Beyla.IntegrationTests.Truth;

/// <summary>What a comparison found.</summary>
internal sealed class ComparisonResult
{
    private const int Shown = 10;

    /// <summary>Requests that nobody observed.</summary>
    public List<TruthRecord> Missing { get; } = [];

    /// <summary>Observations without a request.</summary>
    public List<Observation> Invented { get; } = [];

    public List<Mismatch> Mismatched { get; } = [];

    /// <summary>How often a field was unknown where that was allowed.</summary>
    public Dictionary<TruthField, int> Unknown { get; } = [];

    /// <summary>Pairs of a request and its observation.</summary>
    public int Paired { get; set; }

    /// <summary>Optional requests without an observation.</summary>
    public int OptionalUnseen { get; set; }

    /// <summary>How long before the handler the observation began; negative is too late.</summary>
    public ErrorDistribution StartLead { get; } = new();

    /// <summary>How long after the handler the observation ended; negative is too early.</summary>
    public ErrorDistribution EndLag { get; } = new();

    /// <summary>How far the observation's start lies inside the client's time.</summary>
    public ErrorDistribution OuterStart { get; } = new();

    /// <summary>How far the observation's end lies inside the client's time.</summary>
    public ErrorDistribution OuterEnd { get; } = new();

    public bool IsEqual => Missing.Count == 0 && Invented.Count == 0 && Mismatched.Count == 0;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{Paired} paired, {Missing.Count} missing, {Invented.Count} invented, {Mismatched.Count} mismatched, {OptionalUnseen} optional unseen");
        foreach (var (field, count) in Unknown)
        {
            text.Append($", {field} unknown {count} times");
        }

        text.AppendLine();
        Append(text, "missing", Missing, static r => $"{r.Method} {r.Path} (id {r.Id}, port {r.SourcePort}, aborted {r.Aborted})");
        Append(text, "invented", Invented, static o => $"{o.Method} {o.Path} {o.Status} {o.RequestBytes}/{o.ResponseBytes} port {o.SourcePort}");
        Append(text, "mismatch", Mismatched, static m => m.ToString());
        text.AppendLine($"start before handler: {StartLead}");
        text.AppendLine($"end after handler:    {EndLag}");
        text.AppendLine($"start inside client:  {OuterStart}");
        text.Append($"end inside client:    {OuterEnd}");
        return text.ToString();
    }

    private static void Append<T>(StringBuilder text, string label, List<T> items, Func<T, string> print)
    {
        foreach (var item in items.Take(Shown))
        {
            text.AppendLine($"  {label}: {print(item)}");
        }

        if (items.Count > Shown)
        {
            text.AppendLine($"  {label}: … {items.Count - Shown} more");
        }
    }
}
