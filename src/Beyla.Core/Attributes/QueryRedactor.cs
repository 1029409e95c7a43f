using System.Collections.Frozen;
using System.Text;

namespace Beyla.Attributes;

/// <summary>
/// Replaces the values of sensitive parameters in queries (https://opentelemetry.io/docs/specs/semconv/registry/attributes/url/,
/// <c>url.query</c>). Names are compared percent-decoded, or an encoded letter would give the value away.
/// </summary>
internal sealed class QueryRedactor
{
    private const string Redacted = "REDACTED";

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _names;

    internal QueryRedactor(IEnumerable<string> sensitiveNames) =>
        _names = sensitiveNames.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <param name="query">Without the question mark.</param>
    internal string Redact(ReadOnlySpan<byte> query)
    {
        var text = Encoding.UTF8.GetString(query);
        StringBuilder? redacted = null;
        var copied = 0;
        foreach (var part in text.AsSpan().Split('&'))
        {
            var pair = text.AsSpan()[part];
            var name = pair.IndexOf('=');
            if (name < 0 || !IsSensitive(pair[..name]))
            {
                continue;
            }

            redacted ??= new StringBuilder(text.Length);
            var value = part.Start.Value + name + 1;
            redacted.Append(text, copied, value - copied).Append(Redacted);
            copied = part.Start.Value + pair.Length;
        }

        return redacted is null ? text : redacted.Append(text, copied, text.Length - copied).ToString();
    }

    private bool IsSensitive(ReadOnlySpan<char> name) => _names.Contains(name.Contains('%') ? Uri.UnescapeDataString(name) : name);
}
