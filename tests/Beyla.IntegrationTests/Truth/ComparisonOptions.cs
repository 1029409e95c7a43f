namespace Beyla.IntegrationTests.Truth;

/// <summary>Which differences are none.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>Fields that may be unknown, each with the reason. A known but wrong value is never forgiven.</summary>
    public IReadOnlyDictionary<TruthField, string> MayBeUnknown { get; init; } = new Dictionary<TruthField, string>();

    /// <summary>By how much an observation may begin after <see cref="TruthRecord.Inner"/> or end before it.</summary>
    public TimeSpan InnerTolerance { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>By how much an observation may stick out of <see cref="TruthRecord.Outer"/>: the other side may be
    /// put off the CPU between its last system call and its look at the clock.</summary>
    public TimeSpan OuterTolerance { get; init; } = Preemption.Longest;
}
