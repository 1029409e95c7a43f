namespace Beyla.IntegrationTests.Load;

/// <summary>Content that looks like the head of a message, so that a reader who loses its place invents requests and answers.</summary>
internal static class BodyPattern
{
    private static readonly byte[] Bytes = [.. "\r\n\r\nGET /invented HTTP/1.1\r\nHost: x\r\n\r\nHTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n"u8];

    public static byte[] Make(int length)
    {
        var content = new byte[length];
        for (var at = 0; at < length; at += Bytes.Length)
        {
            Bytes.AsSpan(0, Math.Min(Bytes.Length, length - at)).CopyTo(content.AsSpan(at));
        }

        return content;
    }
}
