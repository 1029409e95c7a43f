namespace Beyla.Tracing;

/// <summary>The machine that all observed services run on.</summary>
/// <param name="Name"><c>host.name</c>.</param>
/// <param name="Id"><c>host.id</c>; empty when there is none.</param>
public sealed record HostIdentity(string Name, string Id)
{
    /// <summary>What the user said, completed by the kernel's host name and the machine id (machine-id(5)).</summary>
    /// <param name="name">Name that the user gave; <see langword="null"/> for the kernel's.</param>
    /// <param name="id">Id that the user gave; <see langword="null"/> for the machine's.</param>
    public static HostIdentity Find(string? name = null, string? id = null) => new(name ?? Environment.MachineName, id ?? MachineId());

    private static string MachineId()
    {
        foreach (var path in (ReadOnlySpan<string>)["/etc/machine-id", "/var/lib/dbus/machine-id"])
        {
            try
            {
                var id = File.ReadAllText(path).Trim();
                if (id.Length > 0)
                {
                    return id;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Containers often have none; the label is left out then.
            }
        }

        return "";
    }
}
