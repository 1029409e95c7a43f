using System.Collections.Immutable;
using System.Globalization;
using Beyla.Capture.Abi;
using Beyla.Discovery;

namespace Beyla;

/// <summary>What keeps a running session from seeing all that was asked for, in words and with the way out.</summary>
internal static class SessionLimitations
{
    public static ImmutableArray<string> Of(ReadOnlySpan<long> kernel, DiscoveryCounters discovery)
    {
        var limitations = ImmutableArray.CreateBuilder<string>();
        Add(kernel[(int)KernelCounter.RingFull], "records found the ring buffer full: raise ebpf.ring_bytes (in code Capture.RingBufferBytes) or give the agent more CPU");
        Add(
            kernel[(int)KernelCounter.WatchFull] + discovery.ProcessTableFull + discovery.WatchTableFull,
            "times a selected process was not observed for lack of room: raise discovery.max_processes (in code Discovery.MaxProcesses)");
        Add(discovery.Unreadable, "times the executable of a process could not be read: give the agent CAP_SYS_PTRACE");
        Add(
            discovery.Hidden,
            "times the open files of a process could not be read while nobody was found who listens on a selected port: give the agent CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH");
        return limitations.ToImmutable();

        void Add(long count, string what)
        {
            if (count > 0)
            {
                limitations.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }
    }
}
