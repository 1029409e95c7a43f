using System.Numerics;

namespace Beyla.Native;

/// <summary>Sums over CPUs.</summary>
public static class BpfPerCpuArrayExtensions
{
    /// <summary>The sum of one element over all CPUs; it wraps around.</summary>
    /// <exception cref="BpfException">The kernel refuses; ENOENT beyond the end.</exception>
    public static TValue Sum<TValue>(this BpfPerCpuArray<TValue> array, int index)
        where TValue : unmanaged, INumber<TValue>
    {
        ArgumentNullException.ThrowIfNull(array);
        var sum = TValue.Zero;
        foreach (var value in array.Read(index))
        {
            sum += value;
        }

        return sum;
    }
}
