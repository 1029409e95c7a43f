using Beyla.Tracing;
using CsCheck;

namespace Beyla.Core.Tests.Sampling;

public sealed class SamplerTests
{
    [Theory]
    [InlineData("always_on", null, "AlwaysOnSampler")]
    [InlineData("always_off", "ignored", "AlwaysOffSampler")]
    [InlineData(" TraceIdRatio ", "0.25", "TraceIdRatioBased{0.25}")]
    [InlineData("traceidratio", null, "TraceIdRatioBased{1}")]
    [InlineData("parentbased_always_on", null, "ParentBased{AlwaysOnSampler}")]
    [InlineData("parentbased_always_off", null, "ParentBased{AlwaysOffSampler}")]
    [InlineData("parentbased_traceidratio", "1e-3", "ParentBased{TraceIdRatioBased{0.001}}")]
    public void Names_of_the_environment_variable_are_taken(string name, string? argument, string description)
    {
        Assert.True(Sampler.TryParse(name, argument, out var sampler, out var problem));
        Assert.Null(problem);
        Assert.Equal(description, sampler.ToString());
    }

    [Theory]
    [InlineData("jaeger_remote", null, "'jaeger_remote' is no sampler; there are always_on, always_off, traceidratio")]
    [InlineData("", null, "'' is no sampler")]
    [InlineData("traceidratio", "1.5", "'1.5' is no ratio; give a number from 0 to 1")]
    [InlineData("parentbased_traceidratio", "half", "'half' is no ratio")]
    [InlineData("traceidratio", "NaN", "'NaN' is no ratio")]
    public void What_is_wrong_is_told_with_what_is_allowed(string name, string? argument, string problem)
    {
        Assert.False(Sampler.TryParse(name, argument, out var sampler, out var told));
        Assert.Null(sampler);
        Assert.StartsWith(problem, told, StringComparison.Ordinal);
    }

    // Values of the table in OpenTelemetry's "TraceState: Probability Sampling": ratio, threshold.
    [Theory]
    [InlineData(0.5, 0x80000000000000UL)]
    [InlineData(0.25, 0xc0000000000000UL)]
    [InlineData(0.0625, 0xf0000000000000UL)]
    public void A_trace_is_taken_from_the_rejection_threshold_on(double ratio, ulong threshold)
    {
        var sampler = Sampler.TraceIdRatio(ratio);
        Assert.False(sampler.IsSampled(threshold - 1, null));
        Assert.True(sampler.IsSampled(threshold, null));
        // The highest 8 of the 64 bits are not among the random ones.
        Assert.False(sampler.IsSampled((threshold - 1) | 0xff00_0000_0000_0000, null));
        Assert.True(sampler.IsSampled(threshold | 0xff00_0000_0000_0000, null));
    }

    [Fact]
    public void No_trace_at_ratio_zero_and_every_trace_at_ratio_one() => Gen.ULong.Sample(id =>
    {
        Assert.False(Sampler.TraceIdRatio(0).IsSampled(id, true));
        Assert.True(Sampler.TraceIdRatio(1).IsSampled(id, false));
    });

    [Fact]
    public void A_larger_ratio_takes_what_a_smaller_one_takes() => Gen.Select(Gen.Double.Unit, Gen.Double.Unit, Gen.ULong).Sample((a, b, id) =>
    {
        var (small, large) = (Sampler.TraceIdRatio(Math.Min(a, b)), Sampler.TraceIdRatio(Math.Max(a, b)));
        Assert.True(!small.IsSampled(id, null) || large.IsSampled(id, null));
    });

    [Fact]
    public void The_share_of_traces_is_the_ratio()
    {
        var random = new Random(7);
        var sampler = Sampler.TraceIdRatio(0.1);
        var taken = Enumerable.Range(0, 100_000).Count(_ => sampler.IsSampled((ulong)random.NextInt64(long.MinValue, long.MaxValue), null));
        Assert.InRange(taken, 9_600, 10_400); // more than four standard deviations to each side
    }

    [Fact]
    public void The_parent_decides_and_the_root_where_there_is_none()
    {
        var off = Sampler.ParentBased(Sampler.AlwaysOff);
        Assert.True(off.IsSampled(0, true));
        Assert.False(off.IsSampled(0, null));
        var on = Sampler.ParentBased(Sampler.AlwaysOn);
        Assert.False(on.IsSampled(0, false));
        Assert.True(on.IsSampled(0, null));
        Assert.True(Sampler.AlwaysOn.IsSampled(0, false));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_ratio_is_between_zero_and_one(double ratio) => Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.TraceIdRatio(ratio));
}
