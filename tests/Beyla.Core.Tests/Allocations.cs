namespace Beyla.Core.Tests;

internal static class Allocations
{
    private const int Attempts = 5;

    /// <summary>
    /// Bytes that <paramref name="run"/> allocates on this thread: the least of several runs, because a collection that another
    /// test sets off in between adds the unused rest of the thread's buffer.
    /// </summary>
    internal static long Of(Action run)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Attempts && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
