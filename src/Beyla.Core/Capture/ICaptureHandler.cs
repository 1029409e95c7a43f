namespace Beyla.Capture;

/// <summary>Takes decoded records, on the reader thread, in the order in which the kernel reserved them.</summary>
internal interface ICaptureHandler
{
    /// <summary>A watched process moved bytes on a connection.</summary>
    void OnSegment(ulong cookie, in SocketSegment segment);

    /// <summary>A direction of a connection, or all of it, ended. The process is 0 where the kernel can't tell it.</summary>
    void OnEnd(ulong cookie, SocketEnd end, long timeNanoseconds);

    /// <summary>A process replaced its image. Whether it stays watched must be decided before the next record is handled.</summary>
    void OnExec(int processId, int parentProcessId, ReadOnlySpan<byte> path);

    /// <summary>A watched process forked; the child is watched unless the map was full.</summary>
    void OnFork(int childProcessId, int parentProcessId);

    /// <summary>The last thread of a watched process ended.</summary>
    void OnExit(int processId);

    /// <summary>A process began to listen on a selected port.</summary>
    void OnListen(int processId, int port);
}
