using Beyla.Routing;
using Beyla.Tracing;

namespace Beyla.Discovery;

/// <summary>What the selectors of a process say about its exchanges.</summary>
/// <param name="Routes"><see langword="null"/>: the session's.</param>
/// <param name="Sampler"><see langword="null"/>: the session's.</param>
/// <param name="Exports">The signals that leave the session.</param>
internal sealed record ProcessSettings(RouteRules? Routes, Sampler? Sampler, SignalExports Exports)
{
    /// <summary>As the session says.</summary>
    internal static ProcessSettings Default { get; } = new(null, null, SignalExports.All);
}
