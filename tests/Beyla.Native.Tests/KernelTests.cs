namespace Beyla.Native.Tests;

public class KernelTests
{
    [Fact]
    public void Tests_with_the_kernel_are_not_skipped_for_root_on_a_kernel_with_BTF()
    {
        var uid = File.ReadLines("/proc/self/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];
        if (uid == "0" && File.Exists("/sys/kernel/btf/vmlinux"))
        {
            Assert.Null(Kernel.SkipReason);
        }
        else
        {
            Assert.NotNull(Kernel.SkipReason);
        }
    }
}
