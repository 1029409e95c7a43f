using System.Collections.Immutable;
using Beyla.Capture;
using Beyla.Capture.Abi;
using Beyla.Pipeline;
using Beyla.Protocols;
using Beyla.Protocols.Tls;

namespace Beyla;

/// <summary>The names of losses: one table from counters to reasons. The names are part of the contract; docs/internal-metrics.md lists them.</summary>
internal static class SessionDrops
{
    public static ImmutableArray<SessionDrop> OfPipeline(PipelineCounters pipeline) =>
    [
        new("unknown_process", Volatile.Read(ref pipeline.UnknownProcess)),
        new("metrics_rejected", Volatile.Read(ref pipeline.Rejected)),
    ];

    public static ImmutableArray<SessionDrop> Losses(ReadOnlySpan<long> kernel, long recursionMisses, RecordCounters records, ProtocolCounters protocols, TlsCounters tls, long evicted) =>
    [
        new("ring_full", At(kernel, KernelCounter.RingFull)),
        new("watch_full", At(kernel, KernelCounter.WatchFull)),
        new("socket_storage_failed", At(kernel, KernelCounter.StorageFailed)),
        new("buffer_unreadable", At(kernel, KernelCounter.Unreadable)),
        new("program_skipped", recursionMisses),
        new("record_malformed", Volatile.Read(ref records.Malformed)),
        new("connection_evicted", evicted + Volatile.Read(ref tls.Evicted)),
        new("tls_plaintext_untied", Volatile.Read(ref tls.Untied)),
        new("tls_session_table_full", At(kernel, KernelCounter.TlsNoSession)),
        new("tls_call_table_full", At(kernel, KernelCounter.TlsNoCall)),
        new("tls_probe_busy", At(kernel, KernelCounter.TlsBusy)),
        new("frames_lost", At(kernel, KernelCounter.FramesLost)),
        new("head_incomplete", Volatile.Read(ref protocols.IncompleteHeads)),
        new("message_malformed", Volatile.Read(ref protocols.Malformed)),
        new("request_dropped", Volatile.Read(ref protocols.DroppedRequests)),
        new("response_unpaired", Volatile.Read(ref protocols.UnpairedResponses)),
        new("header_memory_full", Volatile.Read(ref protocols.HeaderMemoryFull)),
        new("stream_gap", Volatile.Read(ref protocols.Gaps)),
        new("stream_lost_sync", Volatile.Read(ref protocols.LostSync)),
    ];

    public static ImmutableArray<SessionDrop> Unfollowed(ReadOnlySpan<long> kernel, PipelineCounters pipeline, ProtocolCounters protocols, TlsCounters tls) =>
    [
        new("unselected_process", Volatile.Read(ref pipeline.Unselected)),
        new("tls_connection", Volatile.Read(ref tls.WithoutSource)),
        new("tls_connection_without_plaintext", Volatile.Read(ref tls.WithoutPlaintext)),
        new("tls_tie_contradicted", Volatile.Read(ref tls.Contradictions)),
        new("unknown_protocol_connection", Volatile.Read(ref protocols.NotMineConnections)),
        new("upgraded_connection", Volatile.Read(ref protocols.UpgradedConnections)),
        new("head_truncated", Volatile.Read(ref protocols.TruncatedHeads)),
        new("no_buffer_io", At(kernel, KernelCounter.NoBuffer)),
        new("iovec_limit_io", At(kernel, KernelCounter.IovecLimit)),
        new("unix_socket_io", At(kernel, KernelCounter.UnixSocket)),
    ];

    private static long At(ReadOnlySpan<long> kernel, KernelCounter counter) => (int)counter < kernel.Length ? kernel[(int)counter] : 0;

    /// <summary>Without those that never happened.</summary>
    public static ImmutableArray<SessionDrop> Occurred(this ImmutableArray<SessionDrop> all) => all.RemoveAll(static drop => drop.Count == 0);
}
