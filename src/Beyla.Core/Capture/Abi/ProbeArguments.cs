namespace Beyla.Capture.Abi;

/// <summary>Mirror of <c>enum beyla_tls_arguments</c>: where a function's arguments and its result are.</summary>
internal enum ProbeArguments : byte
{
    None = 0,

    /// <summary><c>f(session, …)</c>: System V, <c>rdi</c>; the result means nothing.</summary>
    Session = 1,

    /// <summary><c>int or ssize_t f(session, buffer, length)</c>: <c>rdi, rsi, rdx</c>; the low 32 bits of <c>rax</c> are the count of bytes when positive.</summary>
    Count = 2,

    /// <summary><c>int f(session, buffer, length, size_t *count)</c>: <c>rdi, rsi, rdx, rcx</c>; <c>*count</c> counts when the low 32 bits of <c>rax</c> are positive.</summary>
    CountByPointer = 3,

    /// <summary><c>int f(session, buffer, length, …, size_t *count)</c>: <c>rdi, rsi, rdx, r8</c>; as before, but with the pointer in fifth place.</summary>
    CountByFifthPointer = 4,

    /// <summary>Go's register ABI (1.17): receiver <c>rax</c>, buffer <c>rbx</c>, length <c>rcx</c>, goroutine <c>r14</c>; at a RET the count is <c>rax</c>, the error's type <c>rbx</c>.</summary>
    GoRegisters = 5,

    /// <summary>Go's stack ABI: above the return address receiver, buffer, length, capacity, count, error's type. The same places from <c>rsp</c> at entry and at a RET. The goroutine is in memory, at an offset from the fs base.</summary>
    GoStack = 6,

    /// <summary>Rust's <c>fn(&amp;mut self, &amp;[u8]) -> io::Result&lt;usize&gt;</c>: <c>rdi, rsi, rdx</c>; at the return <c>rax</c> is 0 for Ok and <c>rdx</c> the count. What <c>self</c> points to first lies in the connection.</summary>
    Rust = 7,

    /// <summary>The same with <c>&amp;[IoSlice]</c>: <c>rsi</c> is an array of struct iovec, <c>rdx</c> their number.</summary>
    RustVectored = 8,

    /// <summary>Rust's <c>fn(&amp;mut self, …)</c>: <c>rdi</c> is a part of the connection, by which it is known.</summary>
    RustConnection = 9,
}
