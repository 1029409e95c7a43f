namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_control_flags</c>.</summary>
[Flags]
internal enum ControlFlags : uint
{
    None = 0,
    Ignore = 1 << 0,
    QuietSent = 1 << 1,
    QuietReceived = 1 << 2,
    Silent = 1 << 3,
}
