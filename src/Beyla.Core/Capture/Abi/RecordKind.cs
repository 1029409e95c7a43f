namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_record_kind</c>.</summary>
internal enum RecordKind : uint
{
    None = 0,
    Socket = 1,
    Process = 2,
    Plaintext = 3,
    Ciphertext = 4,
}
