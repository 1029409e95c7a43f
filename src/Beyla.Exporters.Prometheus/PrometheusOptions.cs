using System.Globalization;

namespace Beyla.Exporters.Prometheus;

/// <summary>Where and how metrics are served.</summary>
public sealed class PrometheusOptions
{
    /// <summary>TCP port; 0, the default, serves nothing.</summary>
    public int Port { get; set; }

    /// <summary>Path of the metrics page. Default <c>/metrics</c>.</summary>
    public string Path { get; set; } = "/metrics";

    /// <summary>
    /// IPv4 or IPv6 address or host name to listen on; of a name, all its addresses at the start. <c>*</c>, the default, means
    /// every address, IPv4 and IPv6; <c>localhost</c> the loopback of both.
    /// </summary>
    public string Address { get; set; } = "*";

    /// <summary>Label <c>host_name</c>; <see langword="null"/>, the default, for the machine's name.</summary>
    public string? HostName { get; set; }

    /// <summary>Label <c>host_id</c>; <see langword="null"/>, the default, for the machine id; empty for no label.</summary>
    public string? HostId { get; set; }

    /// <summary>
    /// Path of the page on which a session tells about itself, such as <c>/internal/metrics</c>; <see langword="null"/>, the
    /// default, for none. May be <see cref="Path"/>: then one page has both.
    /// </summary>
    public string? InternalPath { get; set; }

    /// <summary>Port of that page; 0, the default, for <see cref="Port"/>.</summary>
    public int InternalPort { get; set; }

    /// <summary>
    /// Further resource attributes of a service, such as <c>service.version</c>, that <c>target_info</c> carries as labels, to
    /// be joined in queries. What a process says about itself is not there unless it is named here: it could make up any number of labels.
    /// </summary>
    public IList<string> ExtraResourceAttributes { get; } = [];

    /// <summary>Resource attributes of a service that each of its samples carries as a label. None by default: a label on every sample costs with every scrape.</summary>
    public IList<string> ResourceLabels { get; } = [];

    /// <summary>Whether <c>beyla_build_info</c> is left out (default <see langword="false"/>).</summary>
    public bool DisableBuildInfo { get; set; }

    /// <summary>The same with another port.</summary>
    internal PrometheusOptions WithPort(int port)
    {
        var other = (PrometheusOptions)MemberwiseClone();
        other.Port = port;
        return other;
    }

    internal void Validate(string section, ICollection<string> errors)
    {
        if (Port is < 0 or > 65535)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section}.{nameof(Port)} is {Port}: give a port from 1 to 65535, or 0 to serve nothing."));
        }

        if (InternalPort is < 0 or > 65535)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section}.{nameof(InternalPort)} is {InternalPort}: give a port from 1 to 65535, or 0 for that of the other metrics."));
        }

        if (InternalPath is not null && !IsPath(InternalPath))
        {
            errors.Add($"{section}.{nameof(InternalPath)} is '{InternalPath}': give a path that starts with '/' and holds letters, digits and '/-_.~' only, such as /internal/metrics.");
        }

        if (!IsPath(Path))
        {
            errors.Add($"{section}.{nameof(Path)} is '{Path}': give a path that starts with '/' and holds letters, digits and '/-_.~' only, such as /metrics.");
        }

        if (!ListenAddress.IsValid(Address))
        {
            errors.Add($"{section}.{nameof(Address)} is '{Address}': give an IPv4 or IPv6 address, a host name, or * for every address.");
        }
    }

    internal static bool IsPath(string? path) =>
        path is ['/', ..] && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or '~');
}
