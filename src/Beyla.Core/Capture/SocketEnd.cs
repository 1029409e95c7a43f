namespace Beyla.Capture;

/// <summary>Ways in which a direction of a connection, or the whole of it, ends.</summary>
internal enum SocketEnd : byte
{
    /// <summary>A read returned 0: the peer sends no more.</summary>
    EndOfInput,

    /// <summary>Our side sent its FIN.</summary>
    Shut,

    /// <summary>The connection is gone.</summary>
    Closed,

    /// <summary>The connection is gone by RST, timeout or another error.</summary>
    Reset,
}
