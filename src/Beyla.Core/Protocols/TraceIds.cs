using System.Buffers.Binary;
using System.Diagnostics;

namespace Beyla.Protocols;

/// <summary>Ids as numbers, most significant byte first, which cost nothing to make, as the types that spans show.</summary>
internal static class TraceIds
{
    internal static ActivityTraceId ToTraceId(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return ActivityTraceId.CreateFromBytes(bytes);
    }

    internal static ActivitySpanId ToSpanId(ulong id)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        return ActivitySpanId.CreateFromBytes(bytes);
    }
}
