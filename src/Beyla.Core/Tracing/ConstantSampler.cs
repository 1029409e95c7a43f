namespace Beyla.Tracing;

/// <summary>Always the same answer.</summary>
internal sealed class ConstantSampler(bool answer) : Sampler
{
    public override string ToString() => answer ? "AlwaysOnSampler" : "AlwaysOffSampler";

    internal override bool IsSampled(ulong traceIdLow, bool? parentIsSampled) => answer;
}
