namespace Beyla.Tracing;

/// <summary>The caller's decision if there is one, else that of another sampler.</summary>
internal sealed class ParentSampler(Sampler root) : Sampler
{
    public override string ToString() => $"ParentBased{{{root}}}";

    internal override bool IsSampled(ulong traceIdLow, bool? parentIsSampled) => parentIsSampled ?? root.IsSampled(traceIdLow, parentIsSampled);
}
