using Beyla.Protocols.Grpc;
using Beyla.Protocols.Http;
using Beyla.Protocols.Http2.Hpack;

namespace Beyla.Protocols.Http2;

/// <summary>What matters of one header block. One object serves all connections of a reader, one block after the other.</summary>
/// <param name="keepsQuery">Whether queries matter.</param>
internal sealed class HeaderFields(bool keepsQuery) : HpackFields
{
    internal const int MaxPathBytes = 8 * 1024;
    internal const int MaxQueryBytes = 8 * 1024;
    internal const int NotSeen = -1;

    private const int MaxMethodBytes = 32;
    private const int MaxHostBytes = 256;

    private readonly byte[] _method = new byte[MaxMethodBytes];
    private readonly byte[] _path = new byte[MaxPathBytes];
    private readonly byte[] _host = new byte[MaxHostBytes];
    private readonly byte[] _query = new byte[keepsQuery ? MaxQueryBytes : 0];
    private int _methodLength;
    private int _pathLength;
    private int _hostLength;
    private int _queryLength;
    private uint _names;
    private bool _hasAuthority;
    private ContentKind _content;

    /// <summary>Empty when not seen.</summary>
    internal ReadOnlySpan<byte> Method => _method.AsSpan(0, _methodLength);

    /// <summary>The path without its query; meaningful when <see cref="HasPath"/> holds.</summary>
    internal ReadOnlySpan<byte> Path => _path.AsSpan(0, Math.Max(0, _pathLength));

    internal bool HasPath => _pathLength != NotSeen;

    internal bool PathTruncated { get; private set; }

    /// <summary><c>:authority</c>, or <c>host</c> where there is none; empty when not seen.</summary>
    internal ReadOnlySpan<byte> Host => _host.AsSpan(0, _hostLength);

    /// <summary>Query of the path without its question mark; empty when there is none, when it is too long, and when it does not matter.</summary>
    internal ReadOnlySpan<byte> Query => _query.AsSpan(0, _queryLength);

    /// <summary>Whether <c>:scheme</c> is <c>https</c>.</summary>
    internal bool IsHttps { get; private set; }

    /// <summary><see cref="NotSeen"/> or a status code.</summary>
    internal int Status { get; private set; }

    internal TraceParent TraceParent { get; private set; }

    /// <summary><see cref="NotSeen"/> or a gRPC status.</summary>
    internal int GrpcStatus { get; private set; }

    /// <summary>0 when there is none.</summary>
    internal long GrpcTimeoutNanoseconds { get; private set; }

    /// <summary>Whether a field that may be there once was there again, so that it says nothing.</summary>
    internal bool IsContradictory { get; private set; }

    /// <summary>Whether fields may have been there of which not even the name is known.</summary>
    internal bool HasUnknown { get; private set; }

    internal ContentKind Content => _content == ContentKind.Unknown && !HasUnknown && !Has(HeaderName.ContentType) ? ContentKind.Other : _content;

    /// <summary>Whether a field that only requests have was there.</summary>
    internal bool IsRequest => Has(HeaderName.Method) || Has(HeaderName.Path) || Has(HeaderName.Scheme) || Has(HeaderName.Authority);

    /// <summary>Whether a field that only responses have was there.</summary>
    internal bool IsResponse => Has(HeaderName.Status);

    /// <summary>Whether a field of this name was there, its value known or not.</summary>
    internal bool Has(HeaderName name) => (_names & (1u << (int)name)) != 0;

    /// <summary>Forgets the last block.</summary>
    internal void Begin()
    {
        _methodLength = _hostLength = _queryLength = 0;
        _pathLength = Status = GrpcStatus = NotSeen;
        _names = 0;
        _hasAuthority = PathTruncated = IsHttps = HasUnknown = IsContradictory = false;
        _content = ContentKind.Unknown;
        TraceParent = default;
        GrpcTimeoutNanoseconds = 0;
    }

    /// <summary>The rest of the block was not seen or not understood.</summary>
    internal void Cut() => HasUnknown = true;

    /// <inheritdoc/>
    internal override byte NameOf(ReadOnlySpan<byte> name) => (byte)(name.Length switch
    {
        4 when name.SequenceEqual("host"u8) => HeaderName.Host,
        5 when name.SequenceEqual(":path"u8) => HeaderName.Path,
        7 when name.SequenceEqual(":method"u8) => HeaderName.Method,
        7 when name.SequenceEqual(":scheme"u8) => HeaderName.Scheme,
        7 when name.SequenceEqual(":status"u8) => HeaderName.Status,
        9 when name.SequenceEqual(":protocol"u8) => HeaderName.Protocol,
        10 when name.SequenceEqual(":authority"u8) => HeaderName.Authority,
        11 when name.SequenceEqual("traceparent"u8) => HeaderName.TraceParent,
        11 when name.SequenceEqual("grpc-status"u8) => HeaderName.GrpcStatus,
        12 when name.SequenceEqual("content-type"u8) => HeaderName.ContentType,
        12 when name.SequenceEqual("grpc-timeout"u8) => HeaderName.GrpcTimeout,
        _ => HeaderName.Other,
    });

    /// <inheritdoc/>
    internal override void OnField(byte name, ReadOnlySpan<byte> value)
    {
        var isRepeated = Has((HeaderName)name);
        _names |= 1u << name;
        if (isRepeated && IsSingle((HeaderName)name))
        {
            Contradict((HeaderName)name);
            return;
        }

        switch ((HeaderName)name)
        {
            case HeaderName.TraceParent:
                // Two of them contradict each other: none is better than a guess.
                TraceParent = isRepeated ? default : TraceParent.Parse(value);
                break;
            case HeaderName.Authority:
                _hasAuthority = !value.IsEmpty;
                SetHost(value);
                break;
            case HeaderName.Host when !_hasAuthority:
                SetHost(value);
                break;
            case HeaderName.Method when value.Length <= MaxMethodBytes:
                _methodLength = Keep(value, _method);
                break;
            case HeaderName.Path:
                SetPath(value);
                break;
            case HeaderName.Scheme:
                IsHttps = value.SequenceEqual("https"u8);
                break;
            case HeaderName.Status:
                Status = ParseNumber(value);
                break;
            case HeaderName.GrpcStatus:
                GrpcStatus = ParseNumber(value);
                break;
            case HeaderName.GrpcTimeout:
                GrpcTimeoutNanoseconds = GrpcTimeout.Parse(value);
                break;
            case HeaderName.ContentType:
                _content = KindOf(value);
                break;
        }
    }

    /// <inheritdoc/>
    internal override void OnUnknown(byte name)
    {
        if (name == UnknownName)
        {
            HasUnknown = true;
        }
        else
        {
            _names |= 1u << name;
        }
    }

    /// <inheritdoc/>
    internal override void OnOther()
    {
    }

    private static bool IsSingle(HeaderName name) =>
        name is HeaderName.Method or HeaderName.Path or HeaderName.Authority or HeaderName.Status or HeaderName.GrpcStatus;

    /// <summary>Of two values nobody knows which one counts for the receiver.</summary>
    private void Contradict(HeaderName name)
    {
        IsContradictory = true;
        switch (name)
        {
            case HeaderName.Method:
                _methodLength = 0;
                break;
            case HeaderName.Path:
                _pathLength = NotSeen;
                _queryLength = 0;
                PathTruncated = false;
                break;
            case HeaderName.Authority:
                _hostLength = 0;
                break;
            case HeaderName.Status:
                Status = NotSeen;
                break;
            default:
                GrpcStatus = NotSeen;
                break;
        }
    }

    private static ContentKind KindOf(ReadOnlySpan<byte> value) =>
        GrpcContent.IsType(value) ? ContentKind.Grpc
        : EventStream.IsType(value) ? ContentKind.EventStream
        : ContentKind.Other;

    private static int Keep(ReadOnlySpan<byte> value, byte[] destination)
    {
        value.CopyTo(destination);
        return value.Length;
    }

    private static int ParseNumber(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty || digits.Length > 3 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return NotSeen;
        }

        var number = 0;
        foreach (var digit in digits)
        {
            number = (number * 10) + digit - '0';
        }

        return number;
    }

    private void SetHost(ReadOnlySpan<byte> value) => _hostLength = value.Length <= MaxHostBytes ? Keep(value, _host) : 0;

    private void SetPath(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOfAny((byte)'?', (byte)'#');
        var path = end < 0 ? value : value[..end];
        if (path.IsEmpty)
        {
            // Nobody may send that (RFC 9113 §8.3.1), so it is what something else was taken for.
            _pathLength = NotSeen;
            return;
        }

        PathTruncated = path.Length > MaxPathBytes;
        _pathLength = Keep(path[..Math.Min(path.Length, MaxPathBytes)], _path);
        _queryLength = 0;
        if (keepsQuery && value[path.Length..] is [(byte)'?', .. var query])
        {
            var fragment = query.IndexOf((byte)'#');
            query = fragment < 0 ? query : query[..fragment];
            // Of a query that is too long nothing is kept: a part of it would be taken for the whole.
            _queryLength = query.Length <= MaxQueryBytes ? Keep(query, _query) : 0;
        }
    }
}
