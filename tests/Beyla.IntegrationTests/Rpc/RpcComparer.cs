using System.Globalization;
using Beyla.Protocols.Grpc;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>Finds for each call the span that tells of it, and for each span its call.</summary>
internal static class RpcComparer
{
    private const int Cancelled = 1;
    private const int DeadlineExceeded = 4;

    /// <summary>A thread may lose the CPU between an I/O and the stamp of it.</summary>
    private static readonly long Tolerance = 50_000_000;

    /// <summary>Says what does not fit; empty when every call has its span and every span its call.</summary>
    /// <param name="calls">The calls that were made.</param>
    /// <param name="spans">The spans of one end.</param>
    /// <param name="toMonotonic">Nanoseconds since the Unix epoch to nanoseconds of CLOCK_MONOTONIC.</param>
    /// <param name="mayBeUnknown">Whether spans may not know what they tell of.</param>
    /// <param name="mostMissing">How many calls may have no span.</param>
    public static string Compare(IReadOnlyList<RpcTruth> calls, IReadOnlyList<RpcSpan> spans, Func<long, long> toMonotonic, bool mayBeUnknown = false, int mostMissing = 0)
    {
        var spanOf = new int[calls.Count];
        var callOf = new int[spans.Count];
        Array.Fill(spanOf, -1);
        Array.Fill(callOf, -1);
        for (var call = 0; call < calls.Count; call++)
        {
            Pair(call, new bool[spans.Count]);
        }

        string[] missing = [.. calls.Where((_, call) => spanOf[call] < 0).Select(static call => $"no span of {Describe(call)}")];
        var strange = spans.Where((_, span) => callOf[span] < 0).Select(static span => $"no call of {Describe(span)}");
        return string.Join('\n', missing.Skip(missing.Length <= mostMissing ? missing.Length : 0).Concat(strange));

        // A call whose spans are all taken asks the takers to take another (Kuhn's algorithm).
        bool Pair(int call, bool[] asked)
        {
            for (var span = 0; span < spans.Count; span++)
            {
                if (asked[span] || !Fits(calls[call], spans[span], toMonotonic, mayBeUnknown))
                {
                    continue;
                }

                asked[span] = true;
                if (callOf[span] < 0 || Pair(callOf[span], asked))
                {
                    spanOf[call] = span;
                    callOf[span] = call;
                    return true;
                }
            }

            return false;
        }
    }

    public static string Describe(RpcSpan span) => string.Create(
        CultureInfo.InvariantCulture,
        $"{span.Kind} {span.Method ?? "?"} {span.StatusName ?? "?"} {span.RequestMessages?.ToString(CultureInfo.InvariantCulture) ?? "?"}:{span.RequestBytes} {span.ResponseMessages?.ToString(CultureInfo.InvariantCulture) ?? "?"}:{span.ResponseBytes} {span.End} {span.Duration.TotalMilliseconds} ms");

    private static string Describe(RpcTruth call) => string.Create(
        CultureInfo.InvariantCulture,
        $"{call.Method} {call.Status} {call.Call.Requests.Count}:{call.Call.Requests.Sum()} {call.Responses}:{call.ResponseBytes} {(call.Time.End - call.Time.Start) / 1e6} ms");

    private static bool Fits(RpcTruth call, RpcSpan span, Func<long, long> toMonotonic, bool mayBeUnknown)
    {
        // A call that is given up is over for its maker before the reset is written, and read.
        var start = toMonotonic(span.StartUnixNanoseconds);
        return (span.Method == call.Method || (span.Method is null && mayBeUnknown))
            && (FitsStatus(call, span) || (span.StatusCode is null && mayBeUnknown))
            && start >= call.Time.Start - Tolerance
            && (start + span.DurationNanoseconds <= call.Time.End + Tolerance || call.Call.IsCutShort)
            && FitsMessages(call, span);
    }

    /// <summary>A server that read the request late still has time when the client has none left, and sees itself cancelled.</summary>
    private static bool FitsStatus(RpcTruth call, RpcSpan span) =>
        span.StatusCode == call.Status || (span.Kind == SpanKind.Server && call.Status == DeadlineExceeded && span.StatusCode == Cancelled);

    private static bool FitsMessages(RpcTruth call, RpcSpan span)
    {
        // A call that ends early, or is refused, may not have taken all requests.
        var requests = span.RequestMessages is null || span.RequestMessages == call.Call.Requests.Count || (span.RequestMessages == 0 && call.Status != 0);
        var responses = span.ResponseMessages is null || span.ResponseMessages == call.Responses;
        var requestBytes = span.RequestBytes is null || span.RequestMessages == 0 || call.Call.Compress || span.RequestBytes == call.Call.Requests.Sum();
        var responseBytes = span.ResponseBytes is null || call.Call.Compress || span.ResponseBytes == call.ResponseBytes;
        return requests && responses && requestBytes && responseBytes;
    }
}
