using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Beyla.Core.Tests.Discovery;

/// <summary>Runs code on a thread that may read no more than its files' modes allow, also when the tests run as root.</summary>
internal static partial class Unprivileged
{
    private const uint Nobody = 65534;

    internal static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            // Of this thread alone; the kernel takes the rights over files away with it (capabilities(7)).
            _ = SetFileSystemUser(Nobody);
            try
            {
                action();
            }
#pragma warning disable CA1031 // it belongs to the caller's thread
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial uint SetFileSystemUser(uint user);
}
