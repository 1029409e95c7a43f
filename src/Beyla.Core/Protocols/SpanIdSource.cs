using System.Numerics;

namespace Beyla.Protocols;

/// <summary>
/// Random trace and span ids: xoshiro256** (Blackman and Vigna), seeded by the system. Ids have to be unlikely to collide,
/// not hard to guess, and a cryptographic source costs more than the rest of a span. Not thread-safe: one for each reader.
/// </summary>
internal sealed class SpanIdSource
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    internal SpanIdSource()
    {
        do
        {
            (_a, _b, _c, _d) = (RandomSeed.Next(), RandomSeed.Next(), RandomSeed.Next(), RandomSeed.Next());
        }
        while ((_a | _b | _c | _d) == 0); // the one state the generator never leaves
    }

    /// <summary>A trace id that is not all-zero, as W3C Trace Context §3.2.2.3 demands.</summary>
    internal (ulong High, ulong Low) NextTraceId() => (NextSpanId(), Next());

    /// <summary>A span id that is not all-zero.</summary>
    internal ulong NextSpanId()
    {
        ulong word;
        do
        {
            word = Next();
        }
        while (word == 0);
        return word;
    }

    private ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }
}
