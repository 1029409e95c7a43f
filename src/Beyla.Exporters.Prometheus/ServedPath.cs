namespace Beyla.Exporters.Prometheus;

/// <summary>What a server has at one path.</summary>
internal sealed class ServedPath
{
    private long _requests;

    internal List<IMetricsPage> Pages { get; } = [];

    internal long Requests => Interlocked.Read(ref _requests);

    internal void CountRequest() => Interlocked.Increment(ref _requests);
}
