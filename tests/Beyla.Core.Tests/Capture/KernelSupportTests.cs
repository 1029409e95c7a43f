using Beyla.Capture;

namespace Beyla.Core.Tests.Capture;

public sealed class KernelSupportTests
{
    [Theory]
    [InlineData("CAP_SYS_PTRACE CAP_DAC_READ_SEARCH")]
    [InlineData("CAP_SYS_PTRACE CAP_DAC_OVERRIDE")]
    public void With_the_rights_to_look_into_processes_nothing_is_hidden(string capabilities) =>
        Assert.Null(KernelSupport.HiddenBy(capabilities.Split(' ').ToHashSet()));

    [Theory]
    [InlineData("CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH is missing")]
    [InlineData("CAP_DAC_OVERRIDE", "CAP_SYS_PTRACE is missing")]
    [InlineData("CAP_BPF", "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH are missing")]
    public void Missing_rights_are_named_with_what_they_hide(string capability, string expected) =>
        Assert.StartsWith(expected, KernelSupport.HiddenBy(new HashSet<string> { capability }), StringComparison.Ordinal);
}
