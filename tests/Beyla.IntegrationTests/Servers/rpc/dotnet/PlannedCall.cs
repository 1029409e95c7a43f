using System.Globalization;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace RpcProgram;

/// <summary>A line of the plan.</summary>
internal sealed record PlannedCall(
    string Id, string Method, int[] Requests, int Count, int Size, int Status, int Sleep, int Deadline, int Cancel, bool Compress, bool Gate, int Header)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static PlannedCall Parse(string line) => JsonSerializer.Deserialize<PlannedCall>(line, Json)!;

    /// <summary>Makes the call.</summary>
    /// <returns>Its line for the truth file.</returns>
    public async Task<string> MakeAsync(CallInvoker invoker)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var cancellation = new CancellationTokenSource();
        var headers = new Metadata();
        if (Compress)
        {
            headers.Add("grpc-internal-encoding-request", "gzip");
        }

        if (Header > 0)
        {
            headers.Add("x-large", new string('h', Header));
        }

        var options = new CallOptions(headers, Deadline == 0 ? null : DateTime.UtcNow.AddMilliseconds(Deadline), cancellation.Token);
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, "fleet.Echo", Method, Order.Bytes, Order.Bytes);
        int replies = 0, replyBytes = 0, status = 0;
        using var call = invoker.AsyncDuplexStreamingCall(method, null, options);
        if (Cancel > 0)
        {
            cancellation.CancelAfter(Cancel);
        }

        try
        {
            for (var i = 0; i < Requests.Length; i++)
            {
                await call.RequestStream.WriteAsync(Message(i));
                if (Method == "Chat" && await call.ResponseStream.MoveNext())
                {
                    Take(call.ResponseStream.Current);
                }
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call has ended already. Why a write failed is no status of the call, which comes with the next read.
        }

        try
        {
            while (await call.ResponseStream.MoveNext())
            {
                Take(call.ResponseStream.Current);
            }
        }
        catch (RpcException exception)
        {
            status = (int)exception.StatusCode;
        }

        return JsonSerializer.Serialize(new
        {
            id = Id,
            method = $"fleet.Echo/{Method}",
            status,
            responses = replies,
            responseBytes = replyBytes,
            startNs = start,
            endNs = TimeProvider.System.GetTimestamp(),
        });

        void Take(byte[] reply)
        {
            replies++;
            replyBytes += reply.Length;
        }
    }

    private byte[] Message(int index)
    {
        var message = new byte[Requests[index]];
        message.AsSpan().Fill((byte)'x');
        if (index == 0)
        {
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"count={Count};size={Size};status={Status};sleep={Sleep};"), message);
        }

        return message;
    }
}
