namespace Beyla.Tests.Shared;

/// <summary>What code allocates, apart from what the runtime adds: collections that other tests set off retire the thread's half-used
/// buffer, and the first runs fill caches and run static constructors.</summary>
internal static class Allocations
{
    /// <summary>How often code is run at most.</summary>
    internal const int MaxRuns = 21;

    /// <summary>Bytes that <paramref name="run"/> allocates on this thread every time: the least of several runs after a first one.</summary>
    internal static long Of(Action run) => Of(() => { }, run);

    /// <inheritdoc cref="Of(Action)"/>
    /// <param name="prepare">Comes before each run and may allocate.</param>
    /// <param name="run">What is measured.</param>
    internal static long Of(Action prepare, Action run)
    {
        var least = long.MaxValue;
        prepare();
        run();
        for (var i = 1; i < MaxRuns && least > 0; i++)
        {
            prepare();
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return Math.Max(0, least);
    }
}
