namespace Beyla.Exporters.Otlp;

internal static class OtlpOptionsCheck
{
    /// <param name="options">What is checked.</param>
    /// <param name="errors">Errors that are known already.</param>
    /// <exception cref="ArgumentException">There are errors; the message lists all.</exception>
    internal static void ThrowIfInvalid(OtlpExporterOptions options, params IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] all = [.. errors, .. options.Validate(nameof(OtlpExporterOptions))];
        if (all.Length > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, all), nameof(options));
        }
    }
}
