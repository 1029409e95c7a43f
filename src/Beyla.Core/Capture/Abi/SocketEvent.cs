namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_socket_event</c>.</summary>
internal enum SocketEvent : byte
{
    Sent = 0,
    Received = 1,
    EndOfInput = 2,
    Shut = 3,
    Closed = 4,
}
