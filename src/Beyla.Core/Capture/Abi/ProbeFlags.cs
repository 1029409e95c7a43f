namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_tls_site_flags</c>.</summary>
[Flags]
internal enum ProbeFlags : byte
{
    None = 0,
    Return = 1 << 0,
    Random = 1 << 1,
}
