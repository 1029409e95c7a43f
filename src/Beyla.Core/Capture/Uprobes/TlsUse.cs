namespace Beyla.Capture.Uprobes;

/// <summary>When the probes of a target are wanted.</summary>
internal enum TlsUse : byte
{
    /// <summary>Always: they carry plaintext or are rare.</summary>
    Always,

    /// <summary>Only for processes seen to use memory BIOs: they tie sessions to sockets and cost a trap for each record.</summary>
    MemoryBios,
}
