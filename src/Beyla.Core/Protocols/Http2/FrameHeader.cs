using System.Buffers.Binary;

namespace Beyla.Protocols.Http2;

/// <summary>The nine bytes before the payload of a frame (RFC 9113 §4.1).</summary>
internal readonly struct FrameHeader
{
    internal const int Bytes = 9;

    /// <summary>Largest payload that a peer sends unless it was told that it may send more (RFC 9113 §6.5.2).</summary>
    private const uint DefaultMaxLength = 16384;

    private const uint Reserved = 0x8000_0000;

    private readonly uint _stream;

    private FrameHeader(uint length, FrameType type, FrameFlags flags, uint stream)
    {
        Length = length;
        Type = type;
        Flags = flags;
        _stream = stream;
    }

    internal uint Length { get; }

    internal FrameType Type { get; }

    internal FrameFlags Flags { get; }

    internal uint StreamId => _stream & ~Reserved;

    /// <summary>Whether the payload is a part of a header block, without which later ones can't be read.</summary>
    internal bool CarriesBlock => Type is FrameType.Headers or FrameType.PushPromise or FrameType.Continuation;

    internal bool EndsHeaders => CarriesBlock && Has(FrameFlags.EndHeaders);

    internal bool EndsStream => Type is FrameType.Data or FrameType.Headers && Has(FrameFlags.EndStreamOrAck);

    internal bool IsPadded => Type is FrameType.Data or FrameType.Headers or FrameType.PushPromise && Has(FrameFlags.Padded);

    /// <summary>Whether length and stream are as RFC 9113 §6 demands of the type.</summary>
    internal bool IsValid => Type switch
    {
        FrameType.Data or FrameType.Headers => StreamId != 0 && Length >= FixedBytes,
        FrameType.Priority => StreamId != 0 && Length == 5,
        FrameType.RstStream => StreamId != 0 && Length == 4,
        FrameType.Settings => StreamId == 0 && (Has(FrameFlags.EndStreamOrAck) ? Length == 0 : Length % 6 == 0),
        FrameType.PushPromise => StreamId != 0 && Length >= FixedBytes,
        FrameType.Ping => StreamId == 0 && Length == 8,
        FrameType.GoAway => StreamId == 0 && Length >= 8,
        FrameType.WindowUpdate => Length == 4,
        FrameType.Continuation => StreamId != 0,
        FrameType.PriorityUpdate => StreamId == 0 && Length >= 4,
        _ => true,
    };

    /// <summary>
    /// Whether nine bytes of which nothing is known are a frame header in all likelihood: valid, of a registered type and a
    /// usual size, and without a bit that has no meaning. What begins with text never is: its length would be enormous.
    /// </summary>
    internal bool IsPlausible => Length <= DefaultMaxLength && (_stream & Reserved) == 0 && (Flags & ~Meaningful) == 0 && IsValid && Type switch
    {
        <= FrameType.Continuation or FrameType.PriorityUpdate => true,
        FrameType.AltSvc => Length >= 2,
        FrameType.Origin => StreamId == 0,
        _ => false,
    };

    /// <summary>Bytes that come before a block or before padding: pad length, priority, promised stream.</summary>
    internal int FixedBytes => PrefixBytes + (IsPadded ? 1 : 0);

    /// <summary>Bytes between the pad length and the block.</summary>
    internal int PrefixBytes => Type switch
    {
        FrameType.Headers when Has(FrameFlags.Priority) => 5,
        FrameType.PushPromise => 4,
        _ => 0,
    };

    private FrameFlags Meaningful => Type switch
    {
        FrameType.Data => FrameFlags.EndStreamOrAck | FrameFlags.Padded,
        FrameType.Headers => FrameFlags.EndStreamOrAck | FrameFlags.EndHeaders | FrameFlags.Padded | FrameFlags.Priority,
        FrameType.Settings or FrameType.Ping => FrameFlags.EndStreamOrAck,
        FrameType.PushPromise => FrameFlags.EndHeaders | FrameFlags.Padded,
        FrameType.Continuation => FrameFlags.EndHeaders,
        _ => FrameFlags.None,
    };

    /// <param name="bytes">At least <see cref="Bytes"/>.</param>
    internal static FrameHeader Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes) >> 8,
        (FrameType)bytes[3],
        (FrameFlags)bytes[4],
        BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]));

    /// <summary>Whether frames begin with the first of these bytes: a plausible header, and so is the next one where it can be seen.</summary>
    internal static bool IsLikelyAt(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Bytes || Parse(bytes) is not { IsPlausible: true } first)
        {
            return false;
        }

        var rest = bytes.Length - Bytes - (int)first.Length;
        return rest < Bytes || Parse(bytes[^rest..]).IsPlausible;
    }

    private bool Has(FrameFlags flag) => (Flags & flag) != 0;
}
