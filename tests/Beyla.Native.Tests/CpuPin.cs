using System.Runtime.InteropServices;

namespace Beyla.Native.Tests;

/// <summary>Runs work on a thread of its own, on one CPU if it may: on a busy machine two threads meet only when they don't share a CPU.</summary>
internal static unsafe partial class CpuPin
{
    internal static Task Run(int cpu, Action work) => Task.Factory.StartNew(
        () =>
        {
            var mask = 1UL << (cpu % Math.Min(Environment.ProcessorCount, 64));
            _ = sched_setaffinity(0, sizeof(ulong), &mask);
            work();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nuint size, ulong* mask);
}
