namespace Beyla.IntegrationTests.Rpc;

/// <summary>A gRPC library with the program that uses it at both ends.</summary>
internal sealed record RpcKind(string Name)
{
    /// <summary>Makes the program ready and says how to start it, without its arguments.</summary>
    public required Func<CancellationToken, Task<Fleet.ProcessSpec>> PrepareAsync { get; init; }

    public override string ToString() => Name;
}
