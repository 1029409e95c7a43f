namespace Beyla.Native.Tests;

public class BpfFeaturesTests
{
    [Theory]
    [InlineData("6.18.44-fc-v769", "6.18.44")]
    [InlineData("5.10.0-28-amd64", "5.10.0")]
    [InlineData("6.6-rc3", "6.6")]
    [InlineData("4.18.0.rc", "4.18.0")]
    [InlineData("unknown", "0.0")]
    public void Releases_become_versions(string release, string expected)
    {
        Assert.Equal(Version.Parse(expected), BpfFeatures.ParseVersion(release));
    }

    [Fact]
    public void Capabilities_are_named_by_their_bits()
    {
        Assert.Equal(["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON", "CAP_SYS_ADMIN"], Capabilities.Parse("000000c000201000").Order(StringComparer.Ordinal));
        Assert.Empty(Capabilities.Parse("0000000000000000"));
        Assert.Equal(41, Capabilities.Parse("ffffffffffffffff").Count);
    }

    [Fact]
    public void The_kernel_of_this_machine_is_known()
    {
        Assert.StartsWith(BpfFeatures.KernelVersion.ToString(2), BpfFeatures.KernelRelease, StringComparison.Ordinal);
        Assert.True(BpfFeatures.KernelVersion.Major >= 4);
    }

    [Fact]
    public void The_kernel_answers_what_it_supports()
    {
        Kernel.Require();
        Assert.True(BpfFeatures.Supports(BpfProgramType.Kprobe));
        Assert.False(BpfFeatures.Supports((BpfProgramType)10_000) ?? false);
        Assert.Null(BpfFeatures.Supports(BpfProgramType.Tracing));
        Assert.True(BpfFeatures.Supports(BpfMapType.Hash));
        Assert.True(BpfFeatures.Supports(BpfProgramType.Kprobe, BpfHelper.ProbeReadUser));
        Assert.False(BpfFeatures.Supports(BpfProgramType.SocketFilter, BpfHelper.GetAttachCookie));
    }

    [Fact]
    public void Tracepoints_are_found_in_the_kernels_types()
    {
        Kernel.Require();
        var found = BpfFeatures.FindTracepoints("sys_enter", "no_such_tracepoint", "sched_process_exec");
        Assert.Equal(["sched_process_exec", "sys_enter"], found.Order(StringComparer.Ordinal));
    }
}
