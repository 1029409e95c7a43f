namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_process_event</c>.</summary>
internal enum ProcessEvent : byte
{
    Exec = 0,
    Fork = 1,
    Exit = 2,
    Listen = 3,
}
