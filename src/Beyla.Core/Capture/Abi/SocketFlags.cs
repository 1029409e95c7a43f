namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_socket_flags</c>.</summary>
[Flags]
internal enum SocketFlags : byte
{
    None = 0,
    NoBuffer = 1 << 0,
    Cut = 1 << 1,
    Reset = 1 << 2,
    Pieces = 1 << 3,
}
