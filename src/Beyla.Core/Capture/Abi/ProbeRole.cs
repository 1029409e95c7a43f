namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_tls_role</c>: what a function of a TLS library means.</summary>
internal enum ProbeRole : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Control = 3,
    Free = 4,
    BioWrite = 5,
    BioRead = 6,
}
