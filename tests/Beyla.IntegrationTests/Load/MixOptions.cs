namespace Beyla.IntegrationTests.Load;

/// <summary>How large a mix is. Equal options and profile give an equal mix.</summary>
internal sealed record MixOptions
{
    public int Seed { get; init; } = 1;

    /// <summary>Connections open at once.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>Requests at least.</summary>
    public int Requests { get; init; } = 260;
}
