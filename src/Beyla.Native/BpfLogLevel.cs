namespace Beyla.Native;

/// <summary>Severity of a line of libbpf's log; a larger value says more.</summary>
public enum BpfLogLevel
{
    /// <summary>Something failed or is missing.</summary>
    Warning = 0,

    /// <summary>Progress worth a line.</summary>
    Information = 1,

    /// <summary>Every relocation; thousands of lines an object.</summary>
    Debug = 2,
}
