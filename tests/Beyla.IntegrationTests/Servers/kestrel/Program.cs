// The fleet's contract (../README.md) on Kestrel.
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

const int Piece = 64 * 1024;
var pattern = Encoding.ASCII.GetBytes("HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n");
var content = Enumerable.Range(0, 1 << 20).Select(at => pattern[at % pattern.Length]).ToArray();

var builder = WebApplication.CreateSlimBuilder();
// Broken connections are part of the load; Kestrel handles what they throw best when it comes through.
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture), Secure));
using var truth = new TruthLog(args[1]);
var app = builder.Build();
app.Run(AnswerAsync);
app.Run();

void Secure(ListenOptions listen)
{
    // One version alone: a mix is about the framing of HTTP/1, and HTTP/2 without TLS is not negotiated.
    listen.Protocols = Enum.Parse<HttpProtocols>(Environment.GetEnvironmentVariable("PROTOCOL") ?? "Http1");
    if (args.Length > 2)
    {
        listen.UseHttps(X509Certificate2.CreateFromPemFile(args[2], args[3]));
    }
}

async Task AnswerAsync(HttpContext context)
{
    var start = TruthLog.Now;
    var (request, response) = (context.Request, context.Response);
    var parts = request.Path.Value!.Split('/');
    var status = parts[1] == "status" ? int.Parse(parts[2], CultureInfo.InvariantCulture) : 200;
    var size = int.TryParse(request.Query["size"], out var asked) ? asked : 0;
    var hasContent = request.Method != "HEAD" && status is not (204 or 304);
    long received = 0;
    long sent = 0;
    var end = start;
    try
    {
        if (!request.Query.ContainsKey("early"))
        {
            await ReadAsync();
        }

        if (int.TryParse(request.Query["delay_ms"], out var delay))
        {
            await Task.Delay(delay);
        }

        await WriteAsync();
        if (request.Query.ContainsKey("early"))
        {
            await ReadAsync();
        }
    }
    finally
    {
        truth.Write(context, status, received, sent, start, end);
    }

    async Task ReadAsync()
    {
        var buffer = new byte[Piece];
        for (int read; (read = await request.Body.ReadAsync(buffer)) > 0;)
        {
            received += read;
        }
    }

    async Task WriteAsync()
    {
        response.StatusCode = status;
        response.ContentType = "application/octet-stream";
        if (!request.Query.ContainsKey("chunked") && status != 204)
        {
            response.ContentLength = size;
        }

        if (request.Query.ContainsKey("close"))
        {
            response.Headers.Connection = "close";
        }

        end = TruthLog.Now;
        while (hasContent && sent < size)
        {
            var length = (int)Math.Min(size - sent, Piece);
            end = TruthLog.Now;
            await response.Body.WriteAsync(content.AsMemory((int)sent, length), context.RequestAborted);
            sent += length;
        }

        // Content that ends with its connection has no end of its own.
        if (request.Query.ContainsKey("chunked") && request.Protocol != "HTTP/1.0")
        {
            end = TruthLog.Now;
        }

        await response.CompleteAsync();
    }
}
