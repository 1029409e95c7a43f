namespace Beyla.Native;

/// <summary>The facts that a hint depends on.</summary>
/// <param name="KernelRelease">As <c>uname -r</c> says.</param>
/// <param name="MissingCapabilities">Of those that loading and attaching need.</param>
/// <param name="Lockdown">Kernel lockdown mode; <see langword="null"/> when it can't be told.</param>
/// <param name="HasKernelBtf">Whether the kernel describes its types.</param>
internal sealed record HintContext(string KernelRelease, IReadOnlyList<string> MissingCapabilities, string? Lockdown, bool HasKernelBtf)
{
    internal static HintContext Current() =>
        new(BpfFeatures.KernelRelease, BpfFeatures.MissingCapabilities, BpfFeatures.LockdownMode, BpfFeatures.HasKernelBtf);
}
