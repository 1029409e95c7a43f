namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_tls_threads</c>: by what the calls of a process into its TLS libraries are told apart.</summary>
[Flags]
internal enum TlsThreads : uint
{
    None = 0,
    Threads = 1 << 0,
    Goroutines = 1 << 1,
}
