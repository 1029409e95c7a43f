namespace Beyla.Native;

/// <summary>The running kernel lacks a feature.</summary>
public sealed class BpfNotSupportedException : BpfException
{
    /// <summary>Describes what is lacking.</summary>
    /// <param name="feature">Name of the feature, such as <c>uprobe_multi</c>.</param>
    /// <param name="minimumKernel">First kernel release that has it, with the configuration option it needs if any: <c>6.6</c>.</param>
    /// <param name="errno">Positive error number with which the kernel refused; 0 when it was not asked.</param>
    public BpfNotSupportedException(string feature, string minimumKernel, int errno = 0)
        : base("use the kernel feature", feature, errno, $"It needs Linux {minimumKernel}; this is {BpfFeatures.KernelRelease}.")
    {
        Feature = feature;
        MinimumKernel = minimumKernel;
    }

    /// <summary>Name of the feature.</summary>
    public string Feature { get; }

    /// <summary>First kernel release that has it.</summary>
    public string MinimumKernel { get; }
}
