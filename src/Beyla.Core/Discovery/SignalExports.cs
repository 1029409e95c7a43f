namespace Beyla.Discovery;

/// <summary>Which signals of a process leave the session.</summary>
[Flags]
public enum SignalExports
{
    /// <summary>Nothing: the process is observed and listed, and its exchanges are counted as filtered.</summary>
    None = 0,

    /// <summary>Its RED metrics.</summary>
    Metrics = 1,

    /// <summary>Its spans.</summary>
    Traces = 2,

    /// <summary>Metrics and spans.</summary>
    All = Metrics | Traces,
}
