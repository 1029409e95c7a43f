namespace Beyla.Routing;

/// <summary>What routes see of a request target (RFC 9112 §3.2).</summary>
internal static class RoutePath
{
    /// <summary>The path alone: no query, no fragment, no scheme and authority of a target in absolute form.</summary>
    internal static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> target)
    {
        var end = target.IndexOfAny((byte)'?', (byte)'#');
        if (end >= 0)
        {
            target = target[..end];
        }

        if (target.IsEmpty || target[0] == '/')
        {
            return target;
        }

        var scheme = target.IndexOf((byte)':');
        if (scheme < 0 || !target[scheme..].StartsWith("://"u8))
        {
            return target;
        }

        var authority = target[(scheme + 3)..];
        var slash = authority.IndexOf((byte)'/');
        return slash < 0 ? "/"u8 : authority[slash..];
    }

    /// <summary>The folders between one leading and one trailing slash, to be walked with <see cref="TakeFolder"/>.</summary>
    internal static ReadOnlySpan<byte> Folders(ReadOnlySpan<byte> path)
    {
        if (path is [(byte)'/', ..])
        {
            path = path[1..];
        }

        return path is [.., (byte)'/'] ? path[..^1] : path;
    }

    /// <summary>Splits the first folder off; <paramref name="more"/> tells whether another one follows, which may be empty.</summary>
    internal static ReadOnlySpan<byte> TakeFolder(ref ReadOnlySpan<byte> folders, out bool more)
    {
        var slash = folders.IndexOf((byte)'/');
        more = slash >= 0;
        var folder = more ? folders[..slash] : folders;
        folders = more ? folders[(slash + 1)..] : [];
        return folder;
    }
}
