namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_counter</c>: indexes of the per-CPU array <c>counters</c>.</summary>
internal enum KernelCounter
{
    Records = 0,
    RingFull = 1,
    WatchFull = 2,
    StorageFailed = 3,
    NoBuffer = 4,
    Unreadable = 5,
    IovecLimit = 6,
    UnixSocket = 7,
    TlsNoSession = 8,
    TlsNoCall = 9,
    TlsBusy = 10,
    FramesLost = 11,
    Max = 12,
}
