using Beyla.Agent.Configuration.Kinds;
using Beyla.Discovery;

namespace Beyla.Agent.Configuration.Settings;

/// <summary>A selector with what its fields say in the words of the file.</summary>
internal sealed class SelectorSettings : IListItem
{
    internal ProcessSelector Selector { get; } = new();

    internal SamplerSettings Sampler { get; } = new();

    internal IReadOnlyList<string>? IncomingRoutes { get; set; }

    internal IReadOnlyList<string>? OutgoingRoutes { get; set; }

    /// <summary>Whether it has a criterion that can't be judged here. Without it the selector would choose more than it should, so it chooses nothing.</summary>
    public bool IsLeftOut { get; set; }

    /// <inheritdoc/>
    public bool IsMisread { get; set; }
}
