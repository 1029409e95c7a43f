namespace Beyla.Capture.Uprobes;

/// <summary>
/// Which file it is, whatever its path. A probe is attached once for each. On an overlay the device is 0: every container
/// shows the same lower file on a device of its own, while the kernel probes the lower file. A container that has changed the
/// file, be it only its owner, has a copy with the same inode number; the time of that change tells it from the lower file.
/// </summary>
/// <param name="Device">Major number in the upper, minor in the lower half.</param>
/// <param name="Inode">On the device.</param>
/// <param name="Length">In bytes.</param>
/// <param name="ModifiedNanoseconds">Last modification, since 1970.</param>
/// <param name="ChangedNanoseconds">On an overlay the last change of the inode, since 1970; elsewhere 0.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long Length, long ModifiedNanoseconds, long ChangedNanoseconds);
