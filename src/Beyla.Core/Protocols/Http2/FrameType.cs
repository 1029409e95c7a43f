namespace Beyla.Protocols.Http2;

/// <summary>Frame types of RFC 9113 §6. Others are extensions, which are passed over.</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    RstStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,

    /// <summary>RFC 7838.</summary>
    AltSvc = 10,

    /// <summary>RFC 8336.</summary>
    Origin = 12,

    /// <summary>RFC 9218.</summary>
    PriorityUpdate = 16,
}
