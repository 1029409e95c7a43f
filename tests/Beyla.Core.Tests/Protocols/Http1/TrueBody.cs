using System.Globalization;
using System.Text;

namespace Beyla.Core.Tests.Protocols.Http1;

/// <summary>Content of a message and how it is framed.</summary>
internal sealed record TrueBody(string Fields, byte[] Bytes, long Size, bool IsChunked)
{
    internal static readonly TrueBody None = new("", [], 0, false);

    public override string ToString() => $"{Size}{(IsChunked ? " chunked" : "")}";

    internal static TrueBody Fixed(int size) => new($"Content-Length: {size}\r\n", Content(size), size, false);

    internal static TrueBody Chunked(int[] sizes)
    {
        using var bytes = new MemoryStream();
        foreach (var size in sizes)
        {
            bytes.Write(Encoding.ASCII.GetBytes(size.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            bytes.Write(Content(size));
            bytes.Write("\r\n"u8);
        }

        bytes.Write("0\r\n\r\n"u8);
        return new TrueBody("Transfer-Encoding: chunked\r\n", bytes.ToArray(), sizes.Sum(), true);
    }

    /// <summary>Content that looks like messages, so that one that is taken for them shows.</summary>
    private static byte[] Content(int size)
    {
        const string lure = "HTTP/1.1 599 Lure\r\nContent-Length: 1\r\n\r\nGET /lure HTTP/1.1\r\n\r\n0\r\n\r\n";
        return Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(lure, (size / lure.Length) + 1))[..size]);
    }
}
