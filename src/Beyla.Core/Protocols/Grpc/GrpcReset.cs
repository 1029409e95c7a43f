using Beyla.Protocols.Http2;

namespace Beyla.Protocols.Grpc;

/// <summary>What a call's status is when its stream was reset before a status was sent (PROTOCOL-HTTP2.md, "Errors").</summary>
internal static class GrpcReset
{
    /// <summary>A caller's clock runs from before its first byte was sent, so the time may have run out a little before it has passed here.</summary>
    private const long MaxEarlyNanoseconds = 20_000_000;

    private const int EarlyShare = 10;

    /// <param name="reset">Reason of the reset; <see langword="null"/> when there was none or it is not known.</param>
    /// <param name="elapsedNanoseconds">From the call's beginning to the reset.</param>
    /// <param name="timeoutNanoseconds">How long the caller said that it waits; 0 when it did not.</param>
    /// <param name="mayHaveWaited">Whether the caller may have waited before it could send the request, so that less time has passed here than for it.</param>
    /// <returns>The status that gRPC gives to such a call; <see langword="null"/> when it does not define one, or it can't be told.</returns>
    internal static int? StatusOf(ErrorCode? reset, long elapsedNanoseconds, long timeoutNanoseconds, bool mayHaveWaited) => reset switch
    {
        // Whoever gives up resets with CANCEL, be it for want of time or of interest.
        ErrorCode.Cancel when HasRunOut(elapsedNanoseconds, timeoutNanoseconds) => GrpcStatusNames.DeadlineExceeded,
        ErrorCode.Cancel when timeoutNanoseconds > 0 && mayHaveWaited => null,
        ErrorCode.Cancel => GrpcStatusNames.Cancelled,
        ErrorCode.RefusedStream => GrpcStatusNames.Unavailable,
        ErrorCode.EnhanceYourCalm => GrpcStatusNames.ResourceExhausted,
        ErrorCode.InadequateSecurity => GrpcStatusNames.PermissionDenied,
        ErrorCode.None or ErrorCode.Protocol or ErrorCode.Internal or ErrorCode.FlowControl or ErrorCode.SettingsTimeout
            or ErrorCode.FrameSize or ErrorCode.Compression or ErrorCode.Connect => GrpcStatusNames.Internal,
        _ => null,
    };

    private static bool HasRunOut(long elapsed, long timeout) =>
        timeout > 0 && elapsed >= timeout - Math.Min(MaxEarlyNanoseconds, timeout / EarlyShare);
}
