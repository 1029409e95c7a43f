namespace Beyla.Exporters.Prometheus;

/// <summary>The machine that all observed services run on.</summary>
/// <param name="Name"><c>host.name</c>.</param>
/// <param name="Id"><c>host.id</c>; empty when there is none.</param>
internal sealed record HostIdentity(string Name, string Id)
{
    /// <summary>What the options say, completed by the kernel's host name and the machine id (machine-id(5)).</summary>
    internal static HostIdentity Of(PrometheusOptions options) =>
        new(options.HostName ?? Environment.MachineName, options.HostId ?? MachineId());

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
