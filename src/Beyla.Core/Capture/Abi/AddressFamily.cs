namespace Beyla.Capture.Abi;

/// <summary>Linux address families in a record.</summary>
internal enum AddressFamily : byte
{
    None = 0,
    Inet = 2,
    Inet6 = 10,
}
