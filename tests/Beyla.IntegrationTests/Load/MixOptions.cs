using System.Globalization;

namespace Beyla.IntegrationTests.Load;

/// <summary>How large a mix is. Equal options and profile give an equal mix.</summary>
internal sealed record MixOptions
{
    private const string SeedVariable = "BEYLA_FLEET_SEED";

    /// <summary>Always the same unless the environment names another, to look for what one mix has not shown.</summary>
    public int Seed { get; init; } = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed) ? seed : 1;

    /// <summary>Connections open at once.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>Requests at least.</summary>
    public int Requests { get; init; } = 260;
}
