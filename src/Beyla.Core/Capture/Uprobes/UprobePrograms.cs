using Beyla.Native;

namespace Beyla.Capture.Uprobes;

/// <summary>The programs of the object that are attached to TLS libraries: which of them a way of attaching needs.</summary>
internal static class UprobePrograms
{
    internal const string Session = "tls_session";
    internal const string EntryMulti = "tls_entry_multi";
    internal const string ReturnMulti = "tls_return_multi";
    internal const string Entry = "tls_entry";
    internal const string Return = "tls_return";

    // What the verifier leaves of a program whose kernel can't tell entry from return.
    private const int HollowBytes = 256;

    /// <summary>The cheapest way that this kernel has, found by trying.</summary>
    internal static UprobeMode BestMode =>
        BpfFeatures.SupportsUprobeSession ? UprobeMode.Session
        : BpfFeatures.SupportsUprobeMulti ? UprobeMode.Multi
        : UprobeMode.Single;

    /// <summary>Chooses what is loaded.</summary>
    internal static void Choose(BpfObject programs, UprobeMode mode)
    {
        foreach (var name in Of(mode))
        {
            programs.GetProgram(name).AutoLoad = true;
        }

        if (mode == UprobeMode.Session)
        {
            programs.GetProgram(Session).MakeUprobeSession();
        }
    }

    /// <summary>Whether what was loaded can do its work.</summary>
    internal static bool AreWhole(BpfObject programs, UprobeMode mode) =>
        mode != UprobeMode.Session || programs.GetProgram(Session).GetInfo().TranslatedBytes > HollowBytes;

    // Go can't have return probes: its returns are probed by entry probes.
    private static string[] Of(UprobeMode mode) => mode switch
    {
        UprobeMode.Session => [Session, EntryMulti],
        UprobeMode.Multi => [EntryMulti, ReturnMulti],
        _ => [Entry, Return],
    };
}
