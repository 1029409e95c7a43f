using Google.Protobuf;
using Grpc.Core;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Beyla.Exporters.Otlp.Tests;

#pragma warning disable CA1812 // made by the gRPC framework
internal sealed class TraceReceiver(Collector collector) : TraceService.TraceServiceBase
{
    public override async Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
    {
        var answer = await GrpcAnswers.PlayAsync(collector.Next(), context);
        collector.Traces.Enqueue(new(request, GrpcAnswers.Headers(context), context.Method));
        return new() { PartialSuccess = answer.Rejected == 0 ? null : new() { RejectedSpans = answer.Rejected, ErrorMessage = "too old" } };
    }
}

internal sealed class MetricsReceiver(Collector collector) : MetricsService.MetricsServiceBase
{
    public override async Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
    {
        var answer = await GrpcAnswers.PlayAsync(collector.Next(), context);
        collector.Metrics.Enqueue(new(request, GrpcAnswers.Headers(context), context.Method));
        return new() { PartialSuccess = answer.Rejected == 0 ? null : new() { RejectedDataPoints = answer.Rejected, ErrorMessage = "too old" } };
    }
}
#pragma warning restore CA1812

internal static class GrpcAnswers
{
    internal static async Task<Answer> PlayAsync(Answer answer, ServerCallContext context)
    {
        if (answer.Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        if (answer.GrpcStatus != 0)
        {
            var trailers = new Metadata();
            if (answer.GrpcRetryDelay is { } delay)
            {
                trailers.Add("grpc-status-details-bin", RetryInfo(answer.GrpcStatus, delay));
            }

            throw new RpcException(new Status((StatusCode)answer.GrpcStatus, "as told: ünïcode"), trailers);
        }

        return answer;
    }

    // As they came: the framework takes those of gRPC itself out of its own list.
    internal static Dictionary<string, string> Headers(ServerCallContext context) =>
        context.GetHttpContext().Request.Headers.ToDictionary(header => header.Key.ToUpperInvariant(), header => header.Value.ToString());

    // google.rpc.Status{code, details: [Any{RetryInfo{Duration}}]}, field by field, since the package with these messages would serve this alone.
    private static byte[] RetryInfo(int status, double seconds)
    {
        var duration = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt64((long)seconds);
            output.WriteTag(2, WireFormat.WireType.Varint);
            output.WriteInt32((int)((seconds - Math.Floor(seconds)) * 1e9));
        });
        var info = Message(output => Nested(output, 1, duration));
        var any = Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.LengthDelimited);
            output.WriteString("type.googleapis.com/google.rpc.RetryInfo");
            Nested(output, 2, info);
        });
        return Message(output =>
        {
            output.WriteTag(1, WireFormat.WireType.Varint);
            output.WriteInt32(status);
            Nested(output, 3, any);
        });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(output);
        }

        return stream.ToArray();
    }

    private static void Nested(CodedOutputStream output, int field, byte[] message)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(message));
    }
}
