using System.Text;

namespace Beyla.Exporters.Prometheus;

/// <summary>What a scrape asks for (RFC 9112 §3, §5).</summary>
internal sealed record RequestHead
{
    internal required string Method { get; init; }

    /// <summary>Without query; empty when the target has no path.</summary>
    internal required string Path { get; init; }

    /// <summary>All Accept fields together; <see langword="null"/> without one.</summary>
    internal string? Accept { get; init; }

    /// <summary>All Accept-Encoding fields together; <see langword="null"/> without one.</summary>
    internal string? AcceptEncoding { get; init; }

    /// <summary>Whether the client may ask again on the connection. Not after content, which nobody reads here.</summary>
    internal bool KeepsAlive { get; init; }

    /// <param name="head">Without the empty line that ends it.</param>
    /// <returns><see langword="null"/> when it is no request of HTTP/1.0 or 1.1.</returns>
    internal static RequestHead? Parse(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).Split("\r\n");
        var words = lines[0].Split(' ');
        if (words is not [{ Length: > 0 }, { Length: > 0 }, "HTTP/1.1" or "HTTP/1.0"])
        {
            return null;
        }

        var keepsAlive = words[2] == "HTTP/1.1";
        string? accept = null, acceptEncoding = null;
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAny(" \t\0"))
            {
                return null;
            }

            var value = line[(colon + 1)..].Trim();
            switch (line[..colon].ToLowerInvariant())
            {
                case "accept":
                    accept = accept is null ? value : $"{accept},{value}";
                    break;
                case "accept-encoding":
                    acceptEncoding = acceptEncoding is null ? value : $"{acceptEncoding},{value}";
                    break;
                case "connection" when value.Contains("close", StringComparison.OrdinalIgnoreCase):
                case "transfer-encoding":
                case "content-length" when value != "0":
                    keepsAlive = false;
                    break;
                default:
                    break;
            }
        }

        return new() { Method = words[0], Path = PathOf(words[1]), Accept = accept, AcceptEncoding = acceptEncoding, KeepsAlive = keepsAlive };
    }

    private static string PathOf(string target)
    {
        // A proxy is asked with the whole URL, and a server has to take that too (RFC 9112 §3.2.2).
        var authority = target.IndexOf("://", StringComparison.Ordinal);
        if (authority > 0)
        {
            var path = target.IndexOf('/', authority + 3);
            target = path < 0 ? "/" : target[path..];
        }

        return target[0] == '/' ? target.Split('?', 2)[0] : "";
    }
}
