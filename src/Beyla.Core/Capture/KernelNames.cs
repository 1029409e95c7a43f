using Beyla.Native;

namespace Beyla.Capture;

/// <summary>Types of maps in the spelling of Beyla's metrics; that of programs is the enum's.</summary>
internal static class KernelNames
{
    internal static string Of(BpfMapType type) => type switch
    {
        BpfMapType.LruHash => "LRUHash",
        BpfMapType.PerCpuHash => "PerCPUHash",
        BpfMapType.LruPerCpuHash => "LRUCPUHash",
        _ => type.ToString(),
    };
}
