using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Fleet;

/// <summary>What a server can't do or can't log. Whatever is left out has its reason beside it.</summary>
internal sealed record ServerProfile
{
    /// <summary>Features the mix leaves out.</summary>
    public IReadOnlyDictionary<Feature, string> Exclusions { get; init; } = new Dictionary<Feature, string>();

    /// <summary>Methods the mix leaves out.</summary>
    public IReadOnlyDictionary<string, string> ExcludedMethods { get; init; } = new Dictionary<string, string>();

    /// <summary>Statuses the mix leaves out.</summary>
    public IReadOnlyDictionary<int, string> ExcludedStatuses { get; init; } = new Dictionary<int, string>();

    /// <summary>Fields that the server's own log does not know.</summary>
    public IReadOnlyDictionary<TruthField, string> Unlogged { get; init; } = new Dictionary<TruthField, string>();

    /// <summary>Why a broken request may be absent from the server's own log; <see langword="null"/> where it never is.</summary>
    public string? MayNotLogAborted { get; init; }

    /// <summary>How exact the times of the server's own log are, with all it takes to bring them to CLOCK_MONOTONIC.</summary>
    public TimeSpan LogPrecision { get; init; } = TimeSpan.Zero;

    public bool Supports(Feature feature) => !Exclusions.ContainsKey(feature);

    /// <summary>One line for each thing left out.</summary>
    public IEnumerable<string> Remarks() =>
    [
        .. Exclusions.Select(static e => $"without {e.Key}: {e.Value}"),
        .. ExcludedMethods.Select(static e => $"without {e.Key}: {e.Value}"),
        .. ExcludedStatuses.Select(static e => $"without status {e.Key}: {e.Value}"),
        .. Unlogged.Select(static e => $"log lacks {e.Key}: {e.Value}"),
        .. MayNotLogAborted is { } reason ? [$"log may lack aborted requests: {reason}"] : Array.Empty<string>(),
    ];
}
