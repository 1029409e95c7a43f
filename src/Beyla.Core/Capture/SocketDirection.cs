namespace Beyla.Capture;

/// <summary>Direction of a socket I/O as the observed process sees it.</summary>
internal enum SocketDirection : byte
{
    Sent = 0,
    Received = 1,
}
