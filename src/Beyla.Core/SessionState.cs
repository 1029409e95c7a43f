namespace Beyla;

/// <summary>Life of an <see cref="IInstrumentationSession"/>. It only ever moves forward; a stopped session is not started again.</summary>
public enum SessionState
{
    /// <summary>Built; nothing is loaded into the kernel yet.</summary>
    Created,

    /// <summary>Programs are being loaded and attached.</summary>
    Starting,

    /// <summary>Capturing.</summary>
    Running,

    /// <summary>Detached; what was captured is being handed to the sinks.</summary>
    Stopping,

    /// <summary>Ended as asked. Nothing of the session is left in the kernel.</summary>
    Stopped,

    /// <summary>Could not start, or broke off while running. Nothing of the session is left in the kernel.</summary>
    Failed,
}
