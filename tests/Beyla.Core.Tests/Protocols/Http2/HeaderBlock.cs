using System.Text;

namespace Beyla.Core.Tests.Protocols.Http2;

/// <summary>Header blocks in the plainest representation, whatever the state of the table: literals that are never indexed.</summary>
internal static class HeaderBlock
{
    internal static byte[] Of(params IEnumerable<(string Name, string Value)> fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            block.Add(0x10);
            AddString(block, name);
            AddString(block, value);
        }

        return [.. block];
    }

    internal static byte[] Request(string path, string method = "GET", params IEnumerable<(string Name, string Value)> more) =>
        Of([(":method", method), (":scheme", "http"), (":path", path), (":authority", "h"), .. more]);

    internal static byte[] Response(int status, params IEnumerable<(string Name, string Value)> more) => Of([(":status", $"{status}"), .. more]);

    internal static byte[] Call(string path, params IEnumerable<(string Name, string Value)> more) =>
        Request(path, "POST", [("te", "trailers"), ("content-type", "application/grpc"), .. more]);

    internal static byte[] Trailers(int status) => Of(("grpc-status", $"{status}"), ("grpc-message", "m"));

    private static void AddString(List<byte> block, string text)
    {
        if (text.Length < 127)
        {
            block.Add((byte)text.Length);
        }
        else
        {
            block.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 0x80; rest >>= 7)
            {
                block.Add((byte)(rest | 0x80));
            }

            block.Add((byte)rest);
        }

        block.AddRange(Encoding.Latin1.GetBytes(text));
    }
}
