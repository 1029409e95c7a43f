using System.Collections.Immutable;
using Beyla.Capture.Uprobes.Elf;
using Beyla.Capture.Uprobes.Providers;

namespace Beyla.Capture.Uprobes;

/// <summary>The families of TLS libraries that are looked for. Each is one file and one line here.</summary>
internal static class TlsProviders
{
    internal static readonly ITlsProvider[] All =
    [
        new OpenSslProvider(),
        new BioProvider(),
        new GnuTlsProvider(),
        new GoProvider(),
        new RustlsProvider(),
        new NssProvider(),
        new JavaProvider(),
    ];

    private static readonly StaticTlsProvider Last = new();

    private static readonly string[] Symbols = [.. All.SelectMany(provider => provider.Symbols).Distinct()];

    /// <summary>Looks for every library in a file.</summary>
    /// <param name="bytes">The file; what is no ELF file for x86-64 has none.</param>
    /// <param name="isExecutable">Whether it is the process's executable, not a library of it.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    internal static ImmutableArray<TlsLibraryCode> Find(IByteSource bytes, bool isExecutable)
    {
        if (ElfImage.TryRead(bytes, out _) is not { } image)
        {
            return [];
        }

        var candidate = new TlsCandidate(image, isExecutable, Symbols);
        ImmutableArray<TlsLibraryCode> found = [.. All.Select(provider => provider.Find(candidate)).OfType<TlsLibraryCode>()];
        return found.IsEmpty && Last.Find(candidate) is { } trace ? [trace] : found;
    }
}
