using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace RpcProgram;

internal static class RpcClient
{
    public static async Task RunAsync(string port, string plan, string truthFile, string workers, string[] certificate)
    {
        using var handler = new SocketsHttpHandler();
        if (certificate is [var chain])
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(chain) } };
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        var address = $"{(certificate is [] ? "http" : "https")}://127.0.0.1:{port}";
        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, MaxReceiveMessageSize = null });
        var invoker = channel.CreateCallInvoker();
        using var truth = new FileStream(truthFile, FileMode.Append);
        using var slots = new SemaphoreSlim(int.Parse(workers, CultureInfo.InvariantCulture));
        var running = new List<Task>();
        foreach (var line in File.ReadLines(plan))
        {
            var call = PlannedCall.Parse(line);
            if (call.Gate || running.Count == 0)
            {
                await Task.WhenAll(running);
                Console.WriteLine("gate");
                await Console.In.ReadLineAsync();
            }

            await slots.WaitAsync();
            running.Add(Task.Run(() => MakeAsync(call)));
        }

        await Task.WhenAll(running);

        // The reset of a call that was given up is still on its way.
        await Task.Delay(500);

        async Task MakeAsync(PlannedCall call)
        {
            var line = await call.MakeAsync(invoker);
            lock (truth)
            {
                truth.Write(System.Text.Encoding.ASCII.GetBytes(line + "\n"));
                truth.Flush();
            }

            slots.Release();
        }
    }
}
