namespace Beyla;

/// <summary>How often something was lost for one reason since the session started.</summary>
/// <param name="Reason">Stable name of the reason, such as <c>ring_full</c>.</param>
/// <param name="Count">Number of exchanges lost for it.</param>
public readonly record struct SessionDrop(string Reason, long Count);
