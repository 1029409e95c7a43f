using System.Collections.Immutable;
using Beyla.Tracing;

namespace Beyla.Discovery;

/// <summary>What is known of a process at one moment. Immutable; may be kept and read from any thread.</summary>
public sealed record ProcessSnapshot
{
    /// <summary>Process id in the pid namespace of the session's process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Process id of the parent; 0 when it is not known.</summary>
    public int ParentProcessId { get; init; }

    /// <summary>How far its observation has come.</summary>
    public required ProcessState State { get; init; }

    /// <summary>Why it is in <see cref="State"/>, for programs.</summary>
    public ProcessReason Reason { get; init; }

    /// <summary>Why it is in <see cref="State"/>, for people: one sentence without a final stop.</summary>
    public required string Explanation { get; init; }

    /// <summary>The service that its spans name; <see langword="null"/> when it is not observed.</summary>
    public ServiceInfo? Service { get; init; }

    /// <summary>Path of the executable; empty when it could not be read.</summary>
    public string ExecutablePath { get; init; } = "";

    /// <summary>Those of the selected ports on which it was seen to listen, rising.</summary>
    public ImmutableArray<int> ListeningPorts { get; init; } = [];

    /// <summary>The selector that matched, in words; <see langword="null"/> when none did.</summary>
    public string? MatchedSelector { get; init; }

    /// <summary>Whether its TLS is seen.</summary>
    public TlsState Tls { get; init; }

    /// <summary>Which TLS libraries of it are probed, or why its TLS is not seen, for people; <see langword="null"/> when nothing is known.</summary>
    public string? TlsExplanation { get; init; }

    /// <summary>What its selectors say about its exchanges.</summary>
    internal ProcessSettings Settings { get; init; } = ProcessSettings.Default;

    /// <summary>When it came into <see cref="State"/>.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When its first span was seen; <see langword="null"/> when none was.</summary>
    public DateTimeOffset? FirstSpanAt { get; init; }
}
