namespace Beyla.Exporters.Otlp;

internal static class OtlpOptionsCheck
{
    /// <exception cref="ArgumentException">Options are invalid; the message lists all errors.</exception>
    internal static void ThrowIfInvalid(OtlpExporterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = options.Validate(nameof(OtlpExporterOptions));
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, errors), nameof(options));
        }
    }
}
