namespace Beyla.Routing;

/// <summary>Writes a path with a wildcard for each folder that carries a value.</summary>
internal static class PathClassifier
{
    /// <summary>The path is cut before this slash: deeper ones are mostly files or values, and each would be a route.</summary>
    private const int LastSlash = 10;

    /// <param name="path">The path alone, without query.</param>
    /// <param name="wildcard">Stands for a value.</param>
    /// <param name="output">At least as long as <paramref name="path"/>.</param>
    /// <returns>Bytes written.</returns>
    internal static int Write(ReadOnlySpan<byte> path, byte wildcard, Span<byte> output)
    {
        var written = 0;
        for (var slashes = 0; ;)
        {
            var folder = RoutePath.TakeFolder(ref path, out var more);
            written += WriteFolder(folder, wildcard, output[written..]);
            if (!more || ++slashes == LastSlash)
            {
                return written;
            }

            output[written++] = (byte)'/';
        }
    }

    private static int WriteFolder(ReadOnlySpan<byte> folder, byte wildcard, Span<byte> output)
    {
        // Parameters of a folder (RFC 3986 §3.3) are values: /cart;jsessionid=…
        var parameters = folder.IndexOf((byte)';');
        var name = parameters < 0 ? folder : folder[..parameters];
        if (folder.IsEmpty)
        {
            return 0;
        }

        if (!name.IsEmpty && FolderNames.IsName(name))
        {
            name.CopyTo(output);
            return name.Length;
        }

        output[0] = wildcard;
        return 1;
    }
}
