using Beyla.Protocols.Grpc;

namespace Beyla.Protocols.Http2;

/// <summary>A request and its response as far as they have passed. Pooled.</summary>
internal sealed class Http2Stream(HeaderMemory memory)
{
    private const int NotSeen = HeaderFields.NotSeen;

    /// <summary>Texts of usual length stay with the stream: a pool of arrays holds too few for a hundred of them at once.</summary>
    private const int MaxKeptTextBytes = 256;

    private byte[] _text = [];

    internal uint Id { get; private set; }

    /// <summary>Whether the request's head was seen. A response may be reported before its request.</summary>
    internal bool HasRequest { get; private set; }

    /// <summary>Whether the request's last byte was seen.</summary>
    internal bool IsRequestWhole { get; set; }

    internal int ProcessId { get; private set; }

    internal long StartTime { get; private set; }

    /// <summary>Time of its last byte seen before the response began.</summary>
    internal long RequestEndTime { get; set; }

    /// <summary>Bytes of its content so far.</summary>
    internal long RequestSize { get; set; }

    /// <summary>Whether bytes of its content were missed, so that its size is not known.</summary>
    internal bool IsRequestSizeLost { get; set; }

    internal ContentKind RequestContent { get; private set; }

    internal TraceParent TraceParent { get; private set; }

    internal bool IsHttps { get; private set; }

    internal bool PathTruncated { get; private set; }

    internal long GrpcTimeoutNanoseconds { get; private set; }

    /// <summary>Whether it opens a tunnel: what follows its head is no content.</summary>
    internal bool IsConnect { get; private set; }

    internal GrpcMessages RequestMessages;

    /// <summary>Whether the final response has begun.</summary>
    internal bool IsResponding { get; set; }

    /// <summary>Position of the responses' direction when the request was seen: no byte of its response stands before it.</summary>
    internal uint ResponseOrigin { get; set; }

    internal long ResponseStartTime { get; set; }

    internal int Status { get; set; } = NotSeen;

    internal long ResponseSize { get; set; }

    internal bool IsResponseSizeLost { get; set; }

    internal ContentKind ResponseContent { get; set; }

    internal int GrpcStatus { get; set; } = NotSeen;

    internal GrpcMessages ResponseMessages;

    /// <summary>Whether the end of the exchange is known, and the exchange only waits for what the other direction said before it.</summary>
    internal bool IsEnded { get; set; }

    internal long EndTime { get; set; }

    /// <summary>Whether it ended before the response was whole.</summary>
    internal bool IsAborted { get; set; }

    /// <summary>How it was reset; <see langword="null"/> when it was not, or the reason was not seen.</summary>
    internal ErrorCode? Reset { get; set; }

    /// <summary>Whether the sender of requests reset it.</summary>
    internal bool IsResetByClient { get; set; }

    /// <summary>Whether the response goes on for as long as the client listens: the exchange ends where it begins.</summary>
    internal bool IsOpen { get; set; }

    /// <summary>Whether its last byte is among those that were missed.</summary>
    internal bool IsEndInferred { get; set; }

    /// <summary>Position of the other direction that is waited for.</summary>
    internal uint AwaitedPosition { get; set; }

    /// <summary>Whether its end may be among bytes that were missed.</summary>
    internal bool IsDoubtful { get; set; }

    internal byte[] Text => _text;

    internal int MethodLength { get; private set; }

    /// <summary>-1 when the path was not seen.</summary>
    internal int PathLength { get; private set; } = NotSeen;

    internal int HostLength { get; private set; }

    internal int QueryLength { get; private set; }

    internal bool IsGrpc =>
        RequestContent == ContentKind.Grpc
        || (RequestContent == ContentKind.Unknown && (ResponseContent == ContentKind.Grpc || GrpcStatus != NotSeen || RequestMessages.AreWhole || ResponseMessages.AreWhole));

    /// <summary>Whether its content may be messages of gRPC.</summary>
    internal bool MayBeGrpc => RequestContent is ContentKind.Grpc or ContentKind.Unknown;

    internal void Begin(uint id) => Id = id;

    /// <summary>Takes the request's head over.</summary>
    internal void SetRequest(HeaderFields fields, long time, int processId)
    {
        var method = fields.Method;
        var path = fields.Path;
        SetRequest(method, path, fields.Host, fields.Query, time, processId);
        PathLength = fields.HasPath ? PathLength : NotSeen;
        PathTruncated = fields.PathTruncated;
        TraceParent = fields.TraceParent;
        IsHttps = fields.IsHttps;
        RequestContent = fields.Content;
        GrpcTimeoutNanoseconds = fields.GrpcTimeoutNanoseconds;
    }

    /// <summary>Takes over a whole request of HTTP/1.</summary>
    internal void SetRequest(ProtocolUpgrade upgrade)
    {
        var text = upgrade.Text.AsSpan(upgrade.TextOffset);
        var method = text[..upgrade.MethodLength];
        var path = text.Slice(method.Length, upgrade.PathLength);
        var host = text.Slice(method.Length + path.Length, upgrade.HostLength);
        var query = text.Slice(method.Length + path.Length + host.Length, upgrade.QueryLength);
        SetRequest(method, path, host, query, upgrade.StartTime, upgrade.ProcessId);
        PathTruncated = upgrade.PathTruncated;
        TraceParent = upgrade.TraceParent;
        RequestContent = ContentKind.Other;
        RequestEndTime = upgrade.EndTime;
        IsRequestWhole = true;
        RequestSize = upgrade.BodySize;
        IsRequestSizeLost = upgrade.BodySize < 0;
    }

    internal void Clear()
    {
        if (_text.Length > MaxKeptTextBytes)
        {
            memory.Return(ref _text);
        }

        HasRequest = IsRequestWhole = IsRequestSizeLost = IsHttps = PathTruncated = IsConnect = false;
        IsResponding = IsResponseSizeLost = IsEnded = IsDoubtful = false;
        IsAborted = IsResetByClient = IsOpen = IsEndInferred = false;
        StartTime = RequestEndTime = RequestSize = ResponseStartTime = ResponseSize = EndTime = GrpcTimeoutNanoseconds = 0;
        RequestContent = ResponseContent = ContentKind.Unknown;
        TraceParent = default;
        RequestMessages = ResponseMessages = default;
        Status = GrpcStatus = PathLength = NotSeen;
        MethodLength = HostLength = QueryLength = 0;
        Reset = null;
    }

    private void SetRequest(
        ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, ReadOnlySpan<byte> host, ReadOnlySpan<byte> query, long time, int processId)
    {
        HasRequest = true;
        ProcessId = processId;
        StartTime = RequestEndTime = time;
        IsConnect = method.SequenceEqual("CONNECT"u8);
        (MethodLength, PathLength, HostLength, QueryLength) = (method.Length, path.Length, host.Length, query.Length);
        var length = method.Length + path.Length + host.Length + query.Length;
        if (length > _text.Length)
        {
            memory.Return(ref _text);
            if (memory.TryRent(length) is not { } larger)
            {
                (MethodLength, PathLength, HostLength, QueryLength) = (0, NotSeen, 0, 0);
                return;
            }

            _text = larger;
        }

        var rest = Take(method, _text);
        rest = Take(path, rest);
        rest = Take(host, rest);
        Take(query, rest);
    }

    private static Span<byte> Take(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        text.CopyTo(destination);
        return destination[text.Length..];
    }
}
