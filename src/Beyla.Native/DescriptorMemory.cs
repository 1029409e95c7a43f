using System.Globalization;

namespace Beyla.Native;

/// <summary>Memory of a BPF program or map, from <c>/proc/self/fdinfo</c>: no other interface says it.</summary>
internal static class DescriptorMemory
{
    internal static long Read(int fd)
    {
        foreach (var line in File.ReadLines($"/proc/self/fdinfo/{fd}"))
        {
            if (line.StartsWith("memlock:", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan("memlock:".Length), NumberStyles.Integer, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
