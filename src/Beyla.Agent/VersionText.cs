using System.Runtime.InteropServices;
using Beyla.Native;

namespace Beyla.Agent;

/// <summary>Versions of everything that decides how the agent behaves.</summary>
internal static class VersionText
{
    internal static string Agent { get; } = $"{BeylaInstrumentation.Version} ({BeylaInstrumentation.Revision[..Math.Min(12, BeylaInstrumentation.Revision.Length)]})";

    internal static string Write() =>
        $"""
        beyla {Agent}
        libbpf {LibBpf()}
        {RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}

        """;

    private static string LibBpf()
    {
        try
        {
            return $"{BpfRuntime.LibraryVersion} {BpfRuntime.LibraryPath}";
        }
        catch (BpfLibraryNotFoundException exception)
        {
            return $"not found: {exception.Message.ReplaceLineEndings(" ")}";
        }
    }
}
