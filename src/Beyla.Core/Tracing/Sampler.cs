using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Beyla.Tracing;

/// <summary>
/// Decides which spans reach the sinks (OpenTelemetry trace SDK, "Built-in samplers"). Metrics are recorded whatever it decides.
/// Immutable; <see cref="object.ToString"/> tells what it does.
/// </summary>
public abstract class Sampler
{
    private const string Names = "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, parentbased_traceidratio";

    private protected Sampler()
    {
    }

    /// <summary>Every span.</summary>
    public static Sampler AlwaysOn { get; } = new ConstantSampler(true);

    /// <summary>No span.</summary>
    public static Sampler AlwaysOff { get; } = new ConstantSampler(false);

    /// <summary>
    /// A share of all traces, the same ones wherever the same share is asked for: those whose trace id has the lowest 56 bits at or above
    /// (1 − <paramref name="ratio"/>) · 2^56 (OpenTelemetry, "TraceState: Probability Sampling").
    /// </summary>
    /// <param name="ratio">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is not between 0 and 1.</exception>
    public static Sampler TraceIdRatio(double ratio)
    {
        if (ratio is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "A ratio is a number from 0 to 1.");
        }

        return new RatioSampler(ratio);
    }

    /// <summary>What the caller decided, as its <c>traceparent</c> says; <paramref name="root"/> decides about requests without one.</summary>
    public static Sampler ParentBased(Sampler root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return new ParentSampler(root);
    }

    /// <summary>Makes a sampler by the names of <c>OTEL_TRACES_SAMPLER</c>.</summary>
    /// <param name="name">One of these names, in any case.</param>
    /// <param name="argument"><c>OTEL_TRACES_SAMPLER_ARG</c>: the ratio of those that take one, 1 when absent; others ignore it.</param>
    /// <param name="sampler">The sampler.</param>
    /// <param name="problem">What is wrong and what is allowed, when it is <see langword="false"/>.</param>
    public static bool TryParse(string name, string? argument, [NotNullWhen(true)] out Sampler? sampler, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        sampler = null;
        problem = null;
        switch (name.Trim().ToLowerInvariant())
        {
            case "always_on":
                sampler = AlwaysOn;
                break;
            case "always_off":
                sampler = AlwaysOff;
                break;
            case "parentbased_always_on":
                sampler = ParentBased(AlwaysOn);
                break;
            case "parentbased_always_off":
                sampler = ParentBased(AlwaysOff);
                break;
            case "traceidratio":
                sampler = ParseRatio(argument, out problem);
                break;
            case "parentbased_traceidratio":
                sampler = ParseRatio(argument, out problem) is { } root ? ParentBased(root) : null;
                break;
            default:
                problem = $"'{name}' is no sampler; there are {Names}.";
                break;
        }

        return sampler is not null;
    }

    /// <param name="traceIdLow">The last 8 bytes of the trace id, most significant first.</param>
    /// <param name="parentIsSampled">The sampled flag of the caller's <c>traceparent</c>; <see langword="null"/> when there was none.</param>
    internal abstract bool IsSampled(ulong traceIdLow, bool? parentIsSampled);

    private static Sampler? ParseRatio(string? argument, out string? problem)
    {
        problem = null;
        if (string.IsNullOrWhiteSpace(argument))
        {
            return TraceIdRatio(1);
        }

        if (double.TryParse(argument, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
        {
            return TraceIdRatio(ratio);
        }

        problem = $"'{argument}' is no ratio; give a number from 0 to 1, such as 0.1.";
        return null;
    }
}
