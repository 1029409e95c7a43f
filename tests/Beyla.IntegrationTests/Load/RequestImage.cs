using System.Globalization;
using System.Text;

namespace Beyla.IntegrationTests.Load;

/// <summary>The bytes of a request, head and framed content apart.</summary>
internal sealed class RequestImage
{
    private RequestImage(byte[] head, byte[] body)
    {
        Head = head;
        Body = body;
    }

    public byte[] Head { get; }

    /// <summary>Content with its framing.</summary>
    public byte[] Body { get; }

    public static RequestImage Build(ExchangePlan plan, string host, Random random) => new(BuildHead(plan, host, random), BuildBody(plan, random));

    private static byte[] BuildHead(ExchangePlan plan, string host, Random random)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{plan.Method} {plan.Target} HTTP/{(plan.Http10 ? "1.0" : "1.1")}\r\nHost: {host}\r\n");
        Pad(head, plan.HeaderPadding, random);
        if (plan.ClientCloses && !plan.Http10)
        {
            head.Append("Connection: close\r\n");
        }

        if (plan.ExpectContinue)
        {
            head.Append("Expect: 100-continue\r\n");
        }

        switch (plan.RequestFraming)
        {
            case RequestFraming.ContentLength:
                head.Append(CultureInfo.InvariantCulture, $"Content-Type: application/octet-stream\r\nContent-Length: {plan.RequestBytes}\r\n");
                break;
            case RequestFraming.Chunked:
                head.Append("Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n");
                break;
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    // Fields of moderate length: nginx takes no single line above its buffer of 8 KB.
    private static void Pad(StringBuilder head, int bytes, Random random)
    {
        for (var number = 0; bytes > 0; number++)
        {
            var length = Math.Min(bytes, random.Next(20, 1500));
            head.Append(CultureInfo.InvariantCulture, $"X-Padding-{number}: ").Append('p', length).Append("\r\n");
            bytes -= length;
        }
    }

    private static byte[] BuildBody(ExchangePlan plan, Random random)
    {
        var content = BodyPattern.Make(plan.RequestBytes);
        if (plan.RequestFraming != RequestFraming.Chunked)
        {
            return content;
        }

        using var framed = new MemoryStream(content.Length + 256);
        for (var at = 0; at < content.Length;)
        {
            var length = Math.Min(content.Length - at, random.Next(1, Math.Max(2, content.Length / 3)));
            framed.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length:x}\r\n")));
            framed.Write(content, at, length);
            framed.Write("\r\n"u8);
            at += length;
        }

        framed.Write("0\r\n\r\n"u8);
        return framed.ToArray();
    }
}
