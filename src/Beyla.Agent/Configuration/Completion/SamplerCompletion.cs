using Beyla.Agent.Configuration.Settings;
using Beyla.Tracing;

namespace Beyla.Agent.Configuration.Completion;

/// <summary>Samplers of the names that OpenTelemetry gives them.</summary>
internal static class SamplerCompletion
{
    private const string Ratio = "traceidratio";

    internal static void Run(CompletionContext context)
    {
        if (Make(context, context.Settings.Sampler, "otel_traces_export.sampler") is { } sampler)
        {
            context.Settings.Session.Sampler = sampler;
        }
    }

    /// <returns>The sampler; <see langword="null"/> when none was asked for, or what was is wrong, which is found as an error.</returns>
    internal static Sampler? Make(CompletionContext context, SamplerSettings settings, string key)
    {
        if (settings.Name is null)
        {
            if (settings.Argument is not null)
            {
                context.Warn($"{key}.arg", $"has no effect without {key}.name.");
            }

            return null;
        }

        // Each by itself: a wrong name must not hide a wrong argument.
        if (!Sampler.TryParse(settings.Name, null, out var sampler, out var problem))
        {
            context.Error($"{key}.name", $"is '{settings.Name}': {problem}");
        }

        if (!Sampler.TryParse(sampler is null ? Ratio : settings.Name, settings.Argument, out var complete, out _))
        {
            context.Error($"{key}.arg", $"is '{settings.Argument}': give a ratio from 0 to 1, such as 0.1.");
        }

        return sampler is null ? null : complete;
    }
}
