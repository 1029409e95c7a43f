namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_tls_arguments</c>: where a function's arguments and its result are.</summary>
internal enum ProbeArguments : byte
{
    None = 0,
    Session = 1,
    Count = 2,
    CountByPointer = 3,
    CountByFifthPointer = 4,
    GoRegisters = 5,
    GoStack = 6,
    Rust = 7,
    RustVectored = 8,
    RustConnection = 9,
}
