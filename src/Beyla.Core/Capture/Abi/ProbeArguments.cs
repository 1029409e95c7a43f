namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_tls_arguments</c>: where a function's arguments and its result are.</summary>
internal enum ProbeArguments : byte
{
    None = 0,
    Session = 1,
    Count = 2,
    CountByPointer = 3,
    GoRegisters = 4,
    GoStack = 5,
    Rust = 6,
    CountByFifth = 7,
}
