namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>How a stream of the model ends.</summary>
internal enum TrueEnd
{
    Whole,
    ResetByClient,
    ResetByServer,
}

/// <summary>An exchange of the model.</summary>
/// <param name="IsCall">Whether it is a gRPC call.</param>
/// <param name="Method">Of HTTP; a call is a POST.</param>
/// <param name="Request">Bytes of each piece of the request's content, for a call of each message.</param>
/// <param name="Response">Bytes of each piece of the response's content, for a call of each message.</param>
/// <param name="Status">Of HTTP; a call has 200.</param>
/// <param name="GrpcStatus">Of a call.</param>
/// <param name="HasInterim">Whether an interim response comes first.</param>
/// <param name="HasTrailers">Whether an HTTP response ends with trailers.</param>
/// <param name="End">How it ends.</param>
internal sealed record TrueStream(
    bool IsCall, string Method, int[] Request, int[] Response, int Status, int GrpcStatus, bool HasInterim, bool HasTrailers, TrueEnd End)
{
    public override string ToString() =>
        $"{(IsCall ? "call" : Method)} [{string.Join(' ', Request)}] -> {(IsCall ? GrpcStatus : Status)} [{string.Join(' ', Response)}]{(HasInterim ? " interim" : "")}{(HasTrailers ? " trailers" : "")} {End}";
}
