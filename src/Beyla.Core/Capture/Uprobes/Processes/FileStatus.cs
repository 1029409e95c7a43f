using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Beyla.Capture.Uprobes.Processes;

/// <summary>Asks the kernel which file a handle has open (<c>statx</c>, <c>fstatfs</c>).</summary>
internal static unsafe partial class FileStatus
{
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const ushort TypeMask = 0xf000;
    private const ushort RegularFile = 0x8000;
    private const uint OverlayMagic = 0x794c7630;

    /// <param name="file">An open file.</param>
    /// <param name="identity">Which it is.</param>
    /// <param name="problem">Why that can't be told: the rest of a sentence that begins with the file's name.</param>
    internal static bool TryRead(SafeFileHandle file, out FileIdentity identity, out string? problem)
    {
        identity = default;
        StatX stat;
        FileSystem system;
        byte none = 0;
        if (StatFile(file, &none, EmptyPath, BasicStats, &stat) != 0 || StatFileSystem(file, &system) != 0)
        {
            problem = "can't be examined: " + Marshal.GetLastPInvokeErrorMessage();
            return false;
        }

        if ((stat.Mode & TypeMask) != RegularFile)
        {
            problem = "is no regular file";
            return false;
        }

        var modified = (stat.ModifiedSeconds * 1_000_000_000) + stat.ModifiedNanoseconds;
        identity = (uint)system.Type == OverlayMagic
            ? new FileIdentity(0, stat.Inode, (long)stat.Size, modified, (stat.ChangedSeconds * 1_000_000_000) + stat.ChangedNanoseconds)
            : new FileIdentity(((ulong)stat.DeviceMajor << 32) | stat.DeviceMinor, stat.Inode, (long)stat.Size, modified, 0);
        problem = null;
        return true;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatFile(SafeFileHandle folder, byte* path, int flags, uint mask, StatX* stat);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int StatFileSystem(SafeFileHandle file, FileSystem* system);

    // struct statx of linux/stat.h, as far as it is used here.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(32)]
        public ulong Inode;
        [FieldOffset(40)]
        public ulong Size;
        [FieldOffset(96)]
        public long ChangedSeconds;
        [FieldOffset(104)]
        public uint ChangedNanoseconds;
        [FieldOffset(112)]
        public long ModifiedSeconds;
        [FieldOffset(120)]
        public uint ModifiedNanoseconds;
        [FieldOffset(136)]
        public uint DeviceMajor;
        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    // struct statfs; larger than any libc has it.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileSystem
    {
        [FieldOffset(0)]
        public long Type;
    }
}
