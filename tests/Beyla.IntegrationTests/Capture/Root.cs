using Beyla.Native;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Says whether this machine can be observed.</summary>
internal static class Root
{
    /// <summary>Skips a test for lack of rights or of kernel features. A reason that does not hold would hide a failure: it is asked of the kernel.</summary>
    public static void Require()
    {
        if (BpfFeatures.MissingCapabilities is { Count: > 0 } missing)
        {
            Assert.Skip($"needs {string.Join(" and ", missing)}; run as root");
        }

        if (BpfFeatures.KernelVersion < new Version(6, 3))
        {
            Assert.Skip($"needs Linux 6.3, this is {BpfFeatures.KernelRelease}");
        }
    }
}
