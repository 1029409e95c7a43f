namespace Beyla.Capture.Uprobes;

/// <summary>Where a probe is put, and what it is told there.</summary>
/// <param name="Offset">In the file.</param>
/// <param name="Cookie">See <see cref="ProbeCookie"/>.</param>
internal readonly record struct UprobePlace(long Offset, ulong Cookie);
