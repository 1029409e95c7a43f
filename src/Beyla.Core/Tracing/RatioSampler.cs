using System.Globalization;

namespace Beyla.Tracing;

/// <summary>
/// The rejection threshold of https://opentelemetry.io/docs/specs/otel/trace/tracestate-probability-sampling/: the lowest 56 bits of a
/// trace id are random (W3C Trace Context Level 2), and a trace is taken when they reach the threshold. A larger ratio takes every
/// trace that a smaller one takes.
/// </summary>
internal sealed class RatioSampler : Sampler
{
    private const int Bits = 56;
    private const ulong Mask = (1UL << Bits) - 1;

    private readonly double _ratio;
    private readonly ulong _threshold;

    internal RatioSampler(double ratio)
    {
        _ratio = ratio;
        // At ratio 0 the threshold is 2^56, which no 56 bits reach.
        _threshold = (1UL << Bits) - (ulong)Math.Round(Math.ScaleB(ratio, Bits));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"TraceIdRatioBased{{{_ratio}}}");

    internal override bool IsSampled(ulong traceIdLow, bool? parentIsSampled) => (traceIdLow & Mask) >= _threshold;
}
