using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Capture;

namespace Beyla.Agent.Configuration.Table;

/// <summary>Bounds of the capture. Beyla's section has others of its own.</summary>
internal static class CaptureOptionsTable
{
    internal static ImmutableArray<OptionOf<AgentSettings>> All { get; } =
    [
        Bytes("request_head_bytes", "BEYLA_BPF_REQUEST_HEAD_BYTES", "Bytes copied from the start of each request", nameof(CaptureOptions.RequestHeadBytes), c => c.RequestHeadBytes, (c, v) => c.RequestHeadBytes = v),
        Bytes("response_head_bytes", "BEYLA_BPF_RESPONSE_HEAD_BYTES", "Bytes copied from the start of each response", nameof(CaptureOptions.ResponseHeadBytes), c => c.ResponseHeadBytes, (c, v) => c.ResponseHeadBytes = v),
        Bytes("max_response_head_bytes", "BEYLA_BPF_MAX_RESPONSE_HEAD_BYTES", "How far that may grow where response heads are longer", nameof(CaptureOptions.MaxResponseHeadBytes), c => c.MaxResponseHeadBytes, (c, v) => c.MaxResponseHeadBytes = v),
        Bytes("ring_bytes", "BEYLA_BPF_RING_BYTES", "Ring buffer between kernel and agent, a power of two", nameof(CaptureOptions.RingBufferBytes), c => c.RingBufferBytes, (c, v) => c.RingBufferBytes = v),
        Bytes("max_connections", "BEYLA_BPF_MAX_CONNECTIONS", "Most connections that are followed at once", nameof(CaptureOptions.MaxConnections), c => c.MaxConnections, (c, v) => c.MaxConnections = v, "NUMBER"),
        new Option<AgentSettings, bool>
        {
            Key = "ebpf.tls",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_BPF_TLS"),
            Kind = Kind.Bool,
            Summary = "See what observed processes encrypt by TLS libraries",
            Member = "Capture.Tls",
            Get = settings => settings.Session.Capture.Tls,
            Set = (settings, value) => settings.Session.Capture.Tls = value,
        },
        new Option<AgentSettings, TimeSpan>
        {
            Key = "ebpf.poll_interval",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_BPF_POLL_INTERVAL"),
            Kind = Kind.Duration,
            Summary = "How often the ring is read while there is traffic",
            Member = "Capture.PollInterval",
            Get = settings => settings.Session.Capture.PollInterval,
            Set = (settings, value) => settings.Session.Capture.PollInterval = value,
        },
        new Option<AgentSettings, bool>
        {
            Key = "ebpf.program_statistics",
            IsOwn = true,
            Variables = OptionVariable.Of("BEYLA_BPF_PROGRAM_STATISTICS"),
            Kind = Kind.Bool,
            Summary = "Let the kernel count runs and time of all BPF programs meanwhile",
            Member = "Capture.ProgramStatistics",
            Get = settings => settings.Session.Capture.ProgramStatistics,
            Set = (settings, value) => settings.Session.Capture.ProgramStatistics = value,
        },
    ];

    // Their bounds depend on one another and are checked by the library.
    private static Option<AgentSettings, int> Bytes(
        string name, string variable, string summary, string member, Func<CaptureOptions, int> get, Action<CaptureOptions, int> set, string word = "BYTES") => new()
        {
            Key = $"ebpf.{name}",
            IsOwn = true,
            Variables = OptionVariable.Of(variable),
            Kind = Kind.Integer(0, int.MaxValue, word),
            Summary = summary,
            Member = $"Capture.{member}",
            Get = settings => get(settings.Session.Capture),
            Set = (settings, value) => set(settings.Session.Capture, value),
        };
}
