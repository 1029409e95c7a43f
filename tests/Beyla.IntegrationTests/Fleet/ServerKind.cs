namespace Beyla.IntegrationTests.Fleet;

/// <summary>A kind of server: what it needs, how it is started, what it can do, how its log is read.</summary>
internal sealed record ServerKind(string Name)
{
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    public ServerProfile Profile { get; init; } = new();

    /// <summary>Makes the program ready if it needs that, and says how to start it.</summary>
    public required Func<LaunchContext, CancellationToken, Task<ProcessSpec>> PrepareAsync { get; init; }

    public Func<string, IReadOnlyList<LogEntry>> ReadLog { get; init; } = TruthLog.ReadServer;

    /// <summary>Whether it speaks HTTPS.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Whether it speaks HTTP/2.</summary>
    public bool IsHttp2 { get; init; }

    /// <summary>The same with HTTP/2.</summary>
    public ServerKind Http2 => this with { IsHttp2 = true };

    /// <summary>The same with HTTPS.</summary>
    public ServerKind Secure => this with { IsSecure = true };

    public override string ToString() => Name + (IsSecure ? "+tls" : "") + (IsHttp2 ? "+http2" : "");
}
