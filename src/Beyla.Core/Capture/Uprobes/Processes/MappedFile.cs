using System.Globalization;

namespace Beyla.Capture.Uprobes.Processes;

/// <summary>A file that a process has mapped executable.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Path">The path in the process's own view; without the mark of deleted files.</param>
/// <param name="Start">Where the mapping starts.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Device">As in <c>maps</c>: <c>08:01</c>.</param>
/// <param name="Inode">On the device.</param>
internal sealed record MappedFile(int ProcessId, string Path, ulong Start, ulong End, string Device, ulong Inode)
{
    /// <summary>Under <c>/proc</c>, the link to the very file: right in containers, for deleted and for replaced files. Needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE.</summary>
    internal string Link => string.Create(CultureInfo.InvariantCulture, $"{ProcessId}/map_files/{Start:x}-{End:x}");

    /// <summary>Under <c>/proc</c>, the path through the process's root; another file may stand there by now.</summary>
    internal string InRoot => string.Create(CultureInfo.InvariantCulture, $"{ProcessId}/root{Path}");
}
