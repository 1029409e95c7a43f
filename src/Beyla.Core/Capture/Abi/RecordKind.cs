namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_record_kind</c>.</summary>
internal enum RecordKind : uint
{
    Socket = 1,
    Process = 2,
}
