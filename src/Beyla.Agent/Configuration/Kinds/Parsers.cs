using System.Globalization;
using Beyla.Discovery;
using Beyla.Exporters.Otlp.Transport;

namespace Beyla.Agent.Configuration.Kinds;

/// <summary>From text to values. Each answers with what would be right, or with <see langword="null"/>.</summary>
internal static class Parsers
{
    internal static string? Text(string text, out string? value)
    {
        value = text;
        return null;
    }

    /// <summary>What Go takes for a boolean, and what YAML 1.1 does.</summary>
    internal static string? Bool(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "TRUE" or "T" or "1" or "YES" or "ON";
        return value || text.ToUpperInvariant() is "FALSE" or "F" or "0" or "NO" or "OFF" ? null : "give true or false";
    }

    internal static string? Number(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) ? null : "give a number";

    internal static string? Milliseconds(string text, out TimeSpan value)
    {
        var isRight = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0;
        value = TimeSpan.FromMilliseconds(milliseconds);
        return isRight ? null : "give a number of milliseconds above 0";
    }

    internal static string? Seconds(string text, out TimeSpan value) => GoDuration.Parse(text is [.., >= '0' and <= '9'] ? text + "s" : text, out value);

    internal static string? Sign(string text, out char value)
    {
        value = text is [var sign] ? sign : default;
        return text.Length == 1 ? null : "give one sign";
    }

    internal static string? Ports(string text, out PortSet value) => PortSet.TryParse(text, out value, out var problem) ? null : problem;

    internal static string? Url(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value.Scheme is "http" or "https" or OtlpConnection.UnixScheme
            ? null
            : "give a URL with http:// or https://, such as http://localhost:4318, or a socket such as unix:///run/otel.sock";
}
