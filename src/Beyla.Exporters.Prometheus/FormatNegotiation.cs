using System.Globalization;

namespace Beyla.Exporters.Prometheus;

/// <summary>Choice of a format by the Accept field (RFC 9110 §12.5.1).</summary>
internal static class FormatNegotiation
{
    private const string OpenMetricsType = "application/openmetrics-text";
    private const string FirstVersion = "0.0.1";

    /// <returns>The format, and the content type that names the version which was asked for.</returns>
    internal static (ExpositionFormat Format, string ContentType) Choose(string? accept)
    {
        double current = 0, first = 0, text = 0;
        foreach (var range in (accept ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            var weight = Weight(parts);
            if (parts[0].Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase))
            {
                switch (Parameter(parts, "version="))
                {
                    case null or PrometheusTextWriter.OpenMetricsVersion:
                        current = Math.Max(current, weight);
                        break;
                    case FirstVersion:
                        first = Math.Max(first, weight);
                        break;
                    default:
                        break;
                }
            }
            else if (parts[0].Equals("text/plain", StringComparison.OrdinalIgnoreCase) || parts[0] == "text/*")
            {
                text = Math.Max(text, weight);
            }
        }

        // Only who names the newer format gets it: a wildcard comes from a browser or curl. The text is the same in both versions.
        var openMetrics = Math.Max(current, first);
        return openMetrics > 0 && openMetrics >= text
            ? (ExpositionFormat.OpenMetrics, current >= first ? PrometheusTextWriter.OpenMetricsContentType : $"{OpenMetricsType}; version={FirstVersion}; charset=utf-8")
            : (ExpositionFormat.PrometheusText, PrometheusTextWriter.ContentType);
    }

    private static string? Parameter(string[] parts, string name) =>
        parts.Skip(1).FirstOrDefault(part => part.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[name.Length..].Trim('"');

    private static double Weight(string[] parts) =>
        Parameter(parts, "q=") is not { } text ? 1
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight
        : 0;
}
