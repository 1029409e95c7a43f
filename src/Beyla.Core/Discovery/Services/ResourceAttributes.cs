using System.Collections.Immutable;

namespace Beyla.Discovery.Services;

/// <summary>
/// Reads <c>OTEL_RESOURCE_ATTRIBUTES</c> (OpenTelemetry resource SDK, "Specifying resource information via an
/// environment variable"): <c>key=value</c> pairs, separated by commas, percent-encoded. Broken pairs are left out.
/// </summary>
internal static class ResourceAttributes
{
    private const int MaxCount = 128;
    private const int MaxValueLength = 4096;

    internal static ImmutableSortedDictionary<string, string> Parse(string text)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var part in text.AsSpan().Split(','))
        {
            var pair = text.AsSpan()[part];
            var equals = pair.IndexOf('=');
            if (equals < 0 || attributes.Count == MaxCount)
            {
                continue;
            }

            var key = Uri.UnescapeDataString(pair[..equals].Trim());
            var value = Uri.UnescapeDataString(pair[(equals + 1)..].Trim());
            if (key.Length > 0 && value.Length is > 0 and <= MaxValueLength && !IsUnexpanded(value))
            {
                attributes[key] = value;
            }
        }

        return attributes.ToImmutable();
    }

    /// <summary>Whether the value is a reference that nobody has resolved, such as <c>$(POD_NAME)</c>: worse than none.</summary>
    internal static bool IsUnexpanded(string value) => value.StartsWith('$');
}
