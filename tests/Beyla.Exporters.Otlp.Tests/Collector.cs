using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Beyla.Exporters.Otlp.Tests;

/// <summary>A collector in this process: gRPC by Grpc.AspNetCore, HTTP by hand. It answers as it is told and keeps what it decoded.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;
    private bool _isDisposed;

    private Collector(WebApplication app, DirectoryInfo folder)
    {
        _app = app;
        _folder = folder;
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        Http = Localhost(addresses[0]);
        Grpc = Localhost(addresses[1]);
        HttpSocket = new Uri(addresses[2].Replace("http://unix:", "unix://", StringComparison.Ordinal));
        GrpcSocket = new Uri(addresses[3].Replace("http://unix:", "unix://", StringComparison.Ordinal));
    }

    internal Uri Http { get; }

    internal Uri Grpc { get; }

    internal Uri HttpSocket { get; }

    internal Uri GrpcSocket { get; }

    /// <summary>What clients sent beside their own certificates, the last time.</summary>
    internal IReadOnlyList<string> ClientChain { get; private set; } = [];

    internal ConcurrentQueue<Delivery<ExportTraceServiceRequest>> Traces { get; } = new();

    internal ConcurrentQueue<Delivery<ExportMetricsServiceRequest>> Metrics { get; } = new();

    /// <summary>What the next requests are answered with; when it is empty all is well.</summary>
    internal ConcurrentQueue<Answer> Script { get; } = new();

    /// <summary>What every request is answered with once the script is at its end.</summary>
    internal Answer Always { get; set; } = new();

    internal int Attempts { get; private set; }

    internal static async Task<Collector> StartAsync(X509Certificate2? certificate = null, X509Certificate2? clientAuthority = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(Collector).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = 64 * 1024 * 1024);
        Collector? collector = null;
        var folder = Directory.CreateTempSubdirectory("beyla-otlp-");
        builder.Services.AddSingleton(_ => collector!);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen => Configure(listen, HttpProtocols.Http1));
            kestrel.Listen(IPAddress.Loopback, 0, listen => Configure(listen, HttpProtocols.Http2));
            kestrel.ListenUnixSocket(Path.Combine(folder.FullName, "http.sock"), listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.ListenUnixSocket(Path.Combine(folder.FullName, "grpc.sock"), listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.MapGrpcService<TraceReceiver>();
        app.MapGrpcService<MetricsReceiver>();
        app.MapPost("/{**path}", context => collector!.OnHttpAsync(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return collector = new Collector(app, folder);

        void Configure(ListenOptions listen, HttpProtocols protocols)
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = clientAuthority is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate,
                    ClientCertificateValidation = (client, chain, _) =>
                    {
                        var sent = chain!.ChainPolicy.ExtraStore;
                        collector!.ClientChain = [.. sent.Select(certificate => certificate.Subject)];
                        return client.Issuer == clientAuthority!.Subject || sent.Any(between => between.Subject == client.Issuer && between.Issuer == clientAuthority.Subject);
                    },
                });
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The container that the services got the collector from disposes it, too.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    internal Answer Next()
    {
        Attempts++;
        return Script.TryDequeue(out var answer) ? answer : Always;
    }

    private static Uri Localhost(string address) => new UriBuilder(address) { Host = "localhost" }.Uri;

    private async Task OnHttpAsync(HttpContext context)
    {
        var request = context.Request;
        if (Script.TryPeek(out var early) && early.IsEarly)
        {
            context.Response.StatusCode = Next().HttpStatus;
            return;
        }

        using var body = new MemoryStream();
        var content = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        await content.CopyToAsync(body, context.RequestAborted);
        var answer = Next();
        if (answer.Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        if (answer.Aborts)
        {
            context.Abort();
            return;
        }

        var headers = request.Headers.ToDictionary(header => header.Key.ToUpperInvariant(), header => header.Value.ToString());
        context.Response.StatusCode = answer.HttpStatus;
        if (answer.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds;
        }

        if (answer.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        var isTraces = request.Path.Value!.EndsWith("/v1/traces", StringComparison.Ordinal);
        if (answer.HttpStatus == 200)
        {
            var path = request.Path.Value;
            if (isTraces)
            {
                Traces.Enqueue(new(ExportTraceServiceRequest.Parser.ParseFrom(body.ToArray()), headers, path));
            }
            else
            {
                Metrics.Enqueue(new(ExportMetricsServiceRequest.Parser.ParseFrom(body.ToArray()), headers, path));
            }
        }

        var response = answer.Body ?? (isTraces
            ? new ExportTraceServiceResponse { PartialSuccess = answer.Rejected == 0 ? null : new() { RejectedSpans = answer.Rejected, ErrorMessage = "too old" } }.ToByteArray()
            : new ExportMetricsServiceResponse { PartialSuccess = answer.Rejected == 0 ? null : new() { RejectedDataPoints = answer.Rejected, ErrorMessage = "too old" } }.ToByteArray());
        context.Response.ContentType = answer.Body is null ? "application/x-protobuf" : "text/html";
        await context.Response.Body.WriteAsync(response, context.RequestAborted);
    }
}
