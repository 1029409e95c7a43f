// The fleet's client contract (../README.md) on HttpClient.
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

var server = new Uri(args[0]);
var plans = new ConcurrentQueue<JsonElement>(File.ReadLines(args[1]).Select(static line => JsonElement.Parse(line)));
using var truth = new FileStream(args[2], FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
await Console.In.ReadLineAsync();
await Task.WhenAll(Enumerable.Range(0, int.Parse(args[3], CultureInfo.InvariantCulture)).Select(_ => Task.Run(WorkAsync)));

async Task WorkAsync()
{
    while (plans.TryDequeue(out var plan))
    {
        var target = plan.GetProperty("target").GetString()!;
        using var request = new HttpRequestMessage(new HttpMethod(plan.GetProperty("method").GetString()!), new Uri(server, target));
        var size = plan.GetProperty("requestBytes");
        var content = size.ValueKind == JsonValueKind.Number ? new CountedContent(size.GetInt32(), plan.GetProperty("chunked").GetBoolean()) : null;
        request.Content = content;

        // Stopwatch counts nanoseconds of CLOCK_MONOTONIC on Linux.
        var start = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request);
        var received = (await response.Content.ReadAsByteArrayAsync()).Length;
        Log(plan, target, response, content?.Sent ?? 0, received, start, Stopwatch.GetTimestamp());
    }
}

void Log(JsonElement plan, string target, HttpResponseMessage response, int sent, int received, long start, long end)
{
    using var line = new MemoryStream();
    using (var json = new Utf8JsonWriter(line))
    {
        json.WriteStartObject();
        json.WriteString("id", plan.GetProperty("id").GetString());
        json.WriteString("method", response.RequestMessage!.Method.Method);
        json.WriteString("path", target.Split('?')[0]);
        json.WriteNumber("status", (int)response.StatusCode);
        json.WriteNumber("requestBytes", sent);
        json.WriteNumber("responseBytes", received);
        json.WriteNumber("startNs", start);
        json.WriteNumber("endNs", end);
        json.WriteEndObject();
    }

    line.WriteByte((byte)'\n');
    lock (truth)
    {
        truth.Write(line.GetBuffer(), 0, (int)line.Length);
    }
}
