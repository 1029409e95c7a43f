using System.Globalization;

namespace Beyla.Exporters.Prometheus;

/// <summary>Choice of a format by the Accept field (RFC 9110 §12.5.1).</summary>
internal static class FormatNegotiation
{
    private const string OpenMetricsType = "application/openmetrics-text";

    internal static ExpositionFormat Choose(string? accept)
    {
        double openMetrics = 0, text = 0;
        foreach (var range in (accept ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            var weight = Weight(parts);
            if (parts[0].Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase) && IsKnownVersion(parts))
            {
                openMetrics = Math.Max(openMetrics, weight);
            }
            else if (parts[0].Equals("text/plain", StringComparison.OrdinalIgnoreCase) || parts[0] == "text/*")
            {
                text = Math.Max(text, weight);
            }
        }

        // Only who names the newer format gets it: a wildcard comes from a browser or curl.
        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    private static bool IsKnownVersion(string[] parts) =>
        !parts.Skip(1).Any(part => part.StartsWith("version=", StringComparison.OrdinalIgnoreCase) && part[8..].Trim('"') is not ("1.0.0" or "0.0.1"));

    private static double Weight(string[] parts)
    {
        foreach (var part in parts.Skip(1))
        {
            if (part.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(part.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 0;
            }
        }

        return 1;
    }
}
