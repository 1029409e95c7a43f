using System.Globalization;

namespace Beyla.IntegrationTests.Truth;

/// <summary>For how long a thread may be put off the CPU between an event and its look at the clock.</summary>
internal static class Preemption
{
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(50);

    /// <summary>Now: the longer, the more threads wait for each CPU.</summary>
    internal static TimeSpan Longest => Calm * Math.Max(1, Load / Environment.ProcessorCount);

    private static double Load => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
