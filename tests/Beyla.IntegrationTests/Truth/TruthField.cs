namespace Beyla.IntegrationTests.Truth;

/// <summary>What a comparison looks at.</summary>
public enum TruthField
{
    Status,
    RequestBytes,
    ResponseBytes,
    SourcePort,
    Start,
    End,
    ConnectionOrder,
}
