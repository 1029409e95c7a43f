namespace Beyla.Capture.Uprobes.Providers;

/// <summary>What is known of one family of TLS libraries. Without state.</summary>
internal interface ITlsProvider
{
    /// <summary>Its name for people.</summary>
    string Library { get; }

    /// <summary>The functions that it will ask for.</summary>
    IEnumerable<string> Symbols { get; }

    /// <summary>Looks for the library in a file.</summary>
    /// <returns><see langword="null"/> when there is no sign of it.</returns>
    /// <exception cref="IOException">The file can't be read.</exception>
    TlsLibraryCode? Find(TlsCandidate candidate);
}
