namespace Beyla.Capture;

/// <summary>What user space tells the kernel about connections and processes, in the words of the protocols.</summary>
internal interface IConnectionVerdicts
{
    /// <summary>No known protocol: report nothing more of this connection.</summary>
    void Ignore(ulong cookie);

    /// <summary>The connection carries TLS: report nothing more of it but its end.</summary>
    void Silence(ulong cookie);

    /// <summary>Takes <see cref="Silence"/> back.</summary>
    void Listen(ulong cookie);

    /// <summary>Stay silent in one direction until the stream reaches <paramref name="position"/> (modulo 2^32).</summary>
    void Quiet(ulong cookie, SocketDirection direction, uint position);

    /// <summary>Heads of this process are longer than its copy budget: copy more from now on, as far as the options allow.</summary>
    void EnlargeHeads(int processId);
}
