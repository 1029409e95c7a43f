namespace Beyla;

/// <summary>
/// Attributes to add to or to leave out of some metrics, of spans or of resources. Attributes may be written with dots or with
/// underscores (<c>http.route</c>, <c>http_route</c>) and as globs (<c>url.*</c>).
/// </summary>
public sealed class AttributeSelection
{
    /// <summary>
    /// What it is about: a metric, in OpenTelemetry's or Prometheus' spelling, or a glob over metrics (<c>http.server.*</c>,
    /// <c>http_server_request_duration_seconds</c>, <c>*</c>); <c>traces</c> for the attributes of spans; <c>resource</c> for those of
    /// the observed services. A glob never means the latter two.
    /// </summary>
    public required string Section { get; init; }

    /// <summary>
    /// For a metric: if the first section that fits it has any, the metric has these and no others; later sections add theirs.
    /// For <c>traces</c>: optional attributes (<c>url.query</c>) to show beside the standard ones. For <c>resource</c>: if there is any,
    /// resources have these and the identity of the service, and no others.
    /// </summary>
    public IList<string> Include { get; } = [];

    /// <summary>Attributes to leave out. Series that differ by such an attribute alone are one. The identity of a service can't be left out of its resource.</summary>
    public IList<string> Exclude { get; } = [];

    internal void Validate(string section, ICollection<string> errors) => SelectionCheck.Run(this, section, errors);
}
