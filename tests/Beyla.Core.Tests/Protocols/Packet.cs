using Beyla.Capture;
using Beyla.Tracing;

namespace Beyla.Core.Tests.Protocols;

/// <summary>A segment that can be kept, reordered and left out.</summary>
internal sealed record Packet(
    SocketDirection Direction, uint EndPosition, uint OppositePosition, uint Length, byte[] Head, byte[] Tail, long Time, bool NoBuffer = false, long Began = 0)
{
    internal const int ProcessId = 4711;

    internal static readonly SocketEndpoint Local = new([10, 0, 0, 1], 8080);
    internal static readonly SocketEndpoint Remote = new([10, 0, 0, 2], 50000);

    internal SocketSegment ToSegment() => new()
    {
        Direction = Direction,
        ProcessId = ProcessId,
        TimeNanoseconds = Time,
        BeganNanoseconds = Began,
        EndPosition = EndPosition,
        OppositePosition = OppositePosition,
        Length = Length,
        Head = Head,
        Tail = Tail,
        NoBuffer = NoBuffer,
        Local = Local,
        Remote = Remote,
    };
}
