namespace Beyla.IntegrationTests.Fleet;

/// <summary>A kind of client program.</summary>
internal sealed record ClientKind(string Name, Tool Tool, string Program)
{
    public override string ToString() => Name;
}
