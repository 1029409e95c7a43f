using System.Runtime.InteropServices;

namespace Beyla.Native.Handles;

/// <summary>Keeps what a handle stands for alive over native calls; a handle disposed of already throws.</summary>
internal readonly ref struct HandleLease
{
    private readonly SafeHandle _handle;

    internal HandleLease(SafeHandle handle)
    {
        var added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
    }

    public void Dispose() => _handle.DangerousRelease();
}
