namespace Beyla.Native.Tests;

public class BpfExceptionTests
{
    private static readonly HintContext Root = new("6.1.0", [], "none", HasKernelBtf: true);

    [Fact]
    public void The_message_says_what_failed_why_and_the_way_out()
    {
        var exception = new BpfException("load the object", "beyla", 13, "Do this.", "0: (b7) r0 = 0\nbad access\nprocessed 1 insns", "first\nsecond");
        Assert.Equal(
            """
            Cannot load the object 'beyla': EACCES (Permission denied).
            Verifier: bad access
              at: 0: (b7) r0 = 0
            libbpf: first
            libbpf: second
            Way out: Do this.
            """,
            exception.Message);
        Assert.Equal(13, exception.Errno);
        Assert.Equal("beyla", exception.ObjectName);
        Assert.Equal("load the object", exception.Operation);
        Assert.Equal("Do this.", exception.Hint);
        Assert.Contains("processed 1 insns", exception.VerifierLog, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        Assert.Equal("Cannot open the object 'x'.", new BpfException("open the object", "x", 0).Message);
    }

    [Theory]
    [InlineData(1, "EPERM (Operation not permitted)")]
    [InlineData(7, "E2BIG (Argument list too long)")]
    [InlineData(524, "ENOTSUPP (not supported by the kernel)")]
    [InlineData(4003, "LIBBPF_ERRNO__ENDIAN (other byte order)")]
    [InlineData(71, "errno 71 (Protocol error)")]
    public void Error_numbers_have_names(int errno, string expected)
    {
        Assert.Equal(expected, Errno.Describe(errno));
    }

    [Fact]
    public void Without_capabilities_they_are_named()
    {
        var hint = ErrnoHint.For(Errno.EPERM, Root with { MissingCapabilities = ["CAP_BPF", "CAP_PERFMON"] });
        Assert.Contains("root", hint, StringComparison.Ordinal);
        Assert.Contains("CAP_BPF and CAP_PERFMON", hint, StringComparison.Ordinal);
    }

    [Fact]
    public void With_all_capabilities_the_lockdown_mode_is_named()
    {
        Assert.Contains("confidentiality;", ErrnoHint.For(Errno.EPERM, Root with { Lockdown = "confidentiality" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, false, "CONFIG_DEBUG_INFO_BTF")]
    [InlineData(3, true, "doesn't exist")]
    [InlineData(7, true, "smaller")]
    [InlineData(12, true, "RLIMIT_MEMLOCK")]
    [InlineData(24, true, "RLIMIT_NOFILE")]
    [InlineData(22, true, "6.1.0")]
    public void Common_errors_have_a_way_out(int errno, bool hasKernelBtf, string expected)
    {
        Assert.Contains(expected, ErrnoHint.For(errno, Root with { HasKernelBtf = hasKernelBtf }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_without_a_way_out_has_none()
    {
        Assert.Null(ErrnoHint.For(5, Root));
    }

    [Fact]
    public void An_unsupported_feature_names_the_first_kernel_that_has_it()
    {
        var exception = new BpfNotSupportedException("uprobe_multi", "6.6", 22);
        Assert.Contains("needs Linux 6.6", exception.Message, StringComparison.Ordinal);
        Assert.Contains(BpfFeatures.KernelRelease, exception.Message, StringComparison.Ordinal);
        Assert.Equal("uprobe_multi", exception.Feature);
        Assert.Equal("6.6", exception.MinimumKernel);
    }
}
