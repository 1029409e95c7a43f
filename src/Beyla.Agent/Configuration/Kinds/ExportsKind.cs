using Beyla.Discovery;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>A list of signals: absent, empty for none, or any of <c>metrics</c> and <c>traces</c>.</summary>
internal static class ExportsKind
{
    internal static ValueKind<SignalExports?> Instance { get; } = new MappedKind<IReadOnlyList<SignalExports>?, SignalExports?>(
        new OrNothingKind<IReadOnlyList<SignalExports>>(new ListKind<SignalExports>(
            new ChoiceKind<SignalExports>("SIGNAL", ("metrics", SignalExports.Metrics), ("traces", SignalExports.Traces)))),
        list => list?.Aggregate(SignalExports.None, (sum, signal) => sum | signal),
        exports => exports is { } signals
            ? [.. new[] { SignalExports.Metrics, SignalExports.Traces }.Where(signal => signals.HasFlag(signal))]
            : null);
}
