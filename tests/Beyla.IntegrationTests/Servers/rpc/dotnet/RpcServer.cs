using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RpcProgram;

internal static class RpcServer
{
    private const int LargestHeaders = 1 << 20;

    public static async Task RunAsync(string port, string[] certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
            kestrel.Limits.Http2.MaxRequestHeaderFieldSize = LargestHeaders;
            kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture), listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (certificate is [var chain, var key])
                {
                    listen.UseHttps(X509Certificate2.CreateFromPemFile(chain, key));
                }
            });
        });
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton<IServiceMethodProvider<EchoService>, EchoMethods>();
        var app = builder.Build();
        app.MapGrpcService<EchoService>();
        await app.RunAsync();
    }

    internal sealed class EchoService;

    private sealed class EchoMethods : IServiceMethodProvider<EchoService>
    {
        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<EchoService> context)
        {
            context.AddUnaryMethod(Method(MethodType.Unary, "Unary"), [], static async (_, message, call) =>
            {
                var order = Order.Parse(message);
                await Task.Delay(order.Sleep, call.CancellationToken);
                order.End();
                return new byte[order.Size];
            });
            context.AddClientStreamingMethod(Method(MethodType.ClientStreaming, "Collect"), [], static async (_, messages, call) =>
            {
                Order? order = null;
                await foreach (var message in messages.ReadAllAsync())
                {
                    order ??= Order.Parse(message);
                }

                await Task.Delay(order!.Sleep, call.CancellationToken);
                order.End();
                return new byte[order.Size];
            });
            context.AddServerStreamingMethod(Method(MethodType.ServerStreaming, "List"), [], static async (_, message, replies, call) =>
            {
                var order = Order.Parse(message);
                await Task.Delay(order.Sleep, call.CancellationToken);
                for (var i = 0; i < order.Count; i++)
                {
                    await replies.WriteAsync(new byte[order.Size]);
                }

                order.End();
            });
            context.AddDuplexStreamingMethod(Method(MethodType.DuplexStreaming, "Chat"), [], static async (_, messages, replies, call) =>
            {
                Order? order = null;
                await foreach (var message in messages.ReadAllAsync())
                {
                    order ??= Order.Parse(message);
                    await Task.Delay(order.Sleep, call.CancellationToken);
                    await replies.WriteAsync(new byte[order.Size]);
                }

                order!.End();
            });
        }

        private static Method<byte[], byte[]> Method(MethodType type, string name) => new(type, "fleet.Echo", name, Order.Bytes, Order.Bytes);
    }
}
