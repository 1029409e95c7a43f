namespace Beyla.Capture.Uprobes.Go;

/// <summary>How a pclntab is laid out; the value is the magic number with which it starts.</summary>
internal enum PcLineTableFormat : uint
{
    None,

    /// <summary>Go 1.2 to 1.15: one block, absolute addresses.</summary>
    Go12 = 0xfffffffb,

    /// <summary>Go 1.16 and 1.17: parts with offsets in the header, absolute addresses.</summary>
    Go116 = 0xfffffffa,

    /// <summary>Go 1.18 and 1.19: addresses relative to the start of the text.</summary>
    Go118 = 0xfffffff0,

    /// <summary>Since Go 1.20. Since 1.26 the header doesn't tell the start of the text any more.</summary>
    Go120 = 0xfffffff1,
}
