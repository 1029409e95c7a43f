using Beyla.Capture;
using Beyla.Protocols.Http2.Hpack;

namespace Beyla.Protocols.Http2;

/// <summary>State of one direction of a connection: where in its frames it is, and the header block that is under way.</summary>
internal sealed class Http2Direction(SocketDirection direction, HpackFields fields, HeaderMemory memory)
{
    /// <summary>Longest header block that is put together from pieces; of a longer one the beginning is read.</summary>
    internal const int MaxBlockBytes = 256 * 1024;

    private const int FirstBlockBytes = 512;
    private const int GatheredBytes = FrameHeader.Bytes;

    private readonly byte[] _gathered = new byte[GatheredBytes];
    private byte[] _block = [];
    private int _frameStart;

    internal SocketDirection Direction { get; } = direction;

    internal HpackDecoder Decoder { get; } = new(fields, memory);

    internal FramePhase Phase { get; set; }

    /// <summary>Whether <see cref="Position"/> is known.</summary>
    internal bool IsSeen { get; set; }

    /// <summary>Position behind the last byte that was processed or given up.</summary>
    internal uint Position { get; set; }

    /// <summary>Where frames were found the last time that it was not known where they are; <see langword="null"/> before that, and when no stream is that old.</summary>
    internal uint? FoundPosition { get; set; }

    /// <summary>Time of the last segment processed.</summary>
    internal long LastTime { get; set; }

    /// <summary>Bytes of the preface that have passed.</summary>
    internal int PrefacePassed { get; set; }

    /// <summary>The frame whose payload is passing.</summary>
    internal FrameHeader Frame { get; private set; }

    /// <summary>Bytes of its payload still to come.</summary>
    internal uint PayloadLeft { get; set; }

    /// <summary>Time of its first byte.</summary>
    internal long FrameTime { get; private set; }

    /// <summary>Process that moved its first byte.</summary>
    internal int FrameProcessId { get; private set; }

    /// <summary>The opposite direction's position when it began.</summary>
    internal uint FrameOpposite { get; private set; }

    /// <summary>How long the padding of a DATA frame is; <see langword="null"/> while that is not known.</summary>
    internal uint? Padding { get; set; }

    /// <summary>Pieces of a frame header, or the first bytes of a small payload.</summary>
    internal ReadOnlySpan<byte> Gathered => _gathered.AsSpan(0, GatheredCount);

    internal int GatheredCount { get; private set; }

    /// <summary>Whether a header block is under way: only its continuation may follow (RFC 9113 §6.10).</summary>
    internal bool IsInBlock { get; private set; }

    /// <summary>Whether a part of the block was not seen; what is kept are the bytes before it.</summary>
    internal bool IsBlockBroken { get; private set; }

    /// <summary>The frame that the block began with.</summary>
    internal FrameHeader BlockFrame { get; private set; }

    internal long BlockTime { get; private set; }

    internal int BlockProcessId { get; private set; }

    internal uint BlockOpposite { get; private set; }

    /// <summary>The block as far as it has been put together.</summary>
    internal ReadOnlySpan<byte> Block => _block.AsSpan(0, BlockLength);

    internal int BlockLength { get; private set; }

    /// <summary>Adds to what is gathered until there are <paramref name="wanted"/> bytes.</summary>
    /// <returns>Bytes taken of <paramref name="known"/>.</returns>
    internal int Gather(ReadOnlySpan<byte> known, int wanted)
    {
        var count = Math.Clamp(wanted - GatheredCount, 0, known.Length);
        known[..count].CopyTo(_gathered.AsSpan(GatheredCount));
        GatheredCount += count;
        return count;
    }

    /// <summary>Notes when a frame begins, with the first byte of its header.</summary>
    internal void BeginHeader(in SocketSegment segment)
    {
        FrameTime = segment.BeganNanoseconds;
        FrameProcessId = segment.ProcessId;
        FrameOpposite = segment.OppositePosition;
    }

    /// <summary>The header is whole.</summary>
    internal void BeginPayload(in FrameHeader frame)
    {
        Frame = frame;
        PayloadLeft = frame.Length;
        Padding = frame.IsPadded ? null : 0;
        Phase = FramePhase.Payload;
        GatheredCount = 0;
        if (!frame.CarriesBlock)
        {
            return;
        }

        if (!IsInBlock)
        {
            IsInBlock = true;
            BlockFrame = frame;
            BlockTime = FrameTime;
            BlockProcessId = FrameProcessId;
            BlockOpposite = FrameOpposite;
        }

        _frameStart = BlockLength;
    }

    /// <summary>The payload is whole.</summary>
    internal void EndFrame()
    {
        Phase = FramePhase.Header;
        GatheredCount = 0;
    }

    /// <summary>Nothing is known of what follows, nor of what later header blocks refer to.</summary>
    internal void Lose()
    {
        Phase = FramePhase.Lost;
        GatheredCount = 0;
        EndBlock();
        Decoder.Lose();
    }

    /// <summary>Adds a piece of the block, with padding and prefix for now.</summary>
    internal void AppendBlock(ReadOnlySpan<byte> bytes)
    {
        if (IsBlockBroken)
        {
            return;
        }

        if (BlockLength + bytes.Length > MaxBlockBytes)
        {
            IsBlockBroken = true;
            return;
        }

        var needed = BlockLength + bytes.Length;
        if (needed > _block.Length)
        {
            if (memory.TryRent(Math.Max(FirstBlockBytes, needed)) is not { } larger)
            {
                IsBlockBroken = true;
                return;
            }

            Block.CopyTo(larger);
            memory.Return(ref _block);
            _block = larger;
        }

        bytes.CopyTo(_block.AsSpan(BlockLength));
        BlockLength = needed;
    }

    internal void BreakBlock() => IsBlockBroken = true;

    /// <summary>Takes prefix and padding of the frame that just ended off the block.</summary>
    /// <returns>Whether they fit into the frame.</returns>
    internal bool TrimBlock()
    {
        var payload = _block.AsSpan(_frameStart, BlockLength - _frameStart);
        if (!TryTrim(Frame, payload, IsBlockBroken, out var fragment))
        {
            return false;
        }

        fragment.CopyTo(payload);
        BlockLength = _frameStart + fragment.Length;
        return true;
    }

    /// <summary>The part of a payload that belongs to a header block.</summary>
    /// <param name="frame">Whose payload it is.</param>
    /// <param name="payload">The payload, or its beginning.</param>
    /// <param name="isCut">Whether it is only the beginning, so that the padding is not in it for certain.</param>
    /// <param name="fragment">What is left without prefix and padding.</param>
    internal static bool TryTrim(in FrameHeader frame, ReadOnlySpan<byte> payload, bool isCut, out ReadOnlySpan<byte> fragment)
    {
        fragment = default;
        var padding = frame.IsPadded && payload.Length > 0 ? payload[0] : 0;
        if (frame.FixedBytes + padding > frame.Length)
        {
            return false;
        }

        var end = isCut ? Math.Min(payload.Length, (int)frame.Length - padding) : payload.Length - padding;
        fragment = end > frame.FixedBytes ? payload[frame.FixedBytes..end] : default;
        return true;
    }

    internal void EndBlock()
    {
        IsInBlock = IsBlockBroken = false;
        BlockLength = _frameStart = 0;
        if (_block.Length > HeaderMemory.SmallBytes)
        {
            memory.Return(ref _block);
        }
    }

    internal void Reset()
    {
        EndBlock();
        memory.Return(ref _block);
        Decoder.Reset();
        Phase = FramePhase.Lost;
        IsSeen = false;
        Position = 0;
        FoundPosition = null;
        LastTime = 0;
        PrefacePassed = GatheredCount = 0;
    }
}
