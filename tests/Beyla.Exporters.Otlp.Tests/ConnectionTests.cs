using Beyla.Tracing;
using static Beyla.Exporters.Otlp.Tests.Setup;

namespace Beyla.Exporters.Otlp.Tests;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_collector_may_listen_on_a_UNIX_socket(OtlpProtocol protocol)
    {
        await using var collector = await Collector.StartAsync();
        await using var sink = new OtlpTraceSink(Options(collector, protocol, options => options.Endpoint = protocol == OtlpProtocol.Grpc ? collector.GrpcSocket : collector.HttpSocket));
        var span = Samples.Span(Samples.Shop);
        await sink.EmitAsync(new Span[] { span }, Token);
        await Until(() => sink.Account.Exported == 1);
        Decoded.AssertEqual(span, Assert.Single(collector.Traces.Spans()));
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_socket_that_is_not_there_is_named(OtlpProtocol protocol)
    {
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(
            new OtlpExporterOptions { Endpoint = new Uri("unix:///run/no-such.sock"), Protocol = protocol, Timeout = TimeSpan.FromSeconds(1), Traces = { BatchTimeout = TimeSpan.Zero } }, log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Failures > 0);
        await Until(() => log.ToString().Contains("no socket '/run/no-such.sock'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf, "\0\0\0\u0004\0\0\0\0\0", "check that the endpoint speaks http/protobuf")]
    [InlineData(OtlpProtocol.HttpProtobuf, "garbage\r\n\r\n", "check that the endpoint speaks http/protobuf")]
    [InlineData(OtlpProtocol.Grpc, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "check that the endpoint speaks gRPC")]
    [InlineData(OtlpProtocol.Grpc, "garbage\r\n\r\n", "check that the endpoint speaks gRPC")]
    public async Task What_is_not_of_the_protocol_is_named_with_a_guess(OtlpProtocol protocol, string answer, string hint)
    {
        await using var server = new RawServer(answer);
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(
            new OtlpExporterOptions
            {
                Endpoint = server.Endpoint,
                Protocol = protocol,
                Timeout = TimeSpan.FromSeconds(2),
                RetryInitialInterval = TimeSpan.FromMilliseconds(20),
                Traces = { BatchTimeout = TimeSpan.Zero },
            },
            log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Failures > 1);
        Assert.Contains(hint, log.ToString(), StringComparison.Ordinal);
        // As it was written: with HTTP the path of the signal was appended, that of the method of gRPC is nobody's concern.
        Assert.Contains($"OTLP traces to {server.Endpoint.GetLeftPart(UriPartial.Authority)}{(protocol == OtlpProtocol.Grpc ? "" : "/v1/traces")} failed: ", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collectors_that_ask_for_no_pause_at_all_get_one()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { HttpStatus = 503, RetryAfter = "0" };
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, options =>
        {
            options.RetryInitialInterval = options.RetryMaxInterval = TimeSpan.FromMilliseconds(100);
            options.RetryMaxElapsedTime = TimeSpan.FromSeconds(1);
        }));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.RetriesExhausted == 1);
        Assert.InRange(collector.Attempts, 2, 21);
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task Handshakes_that_hang_do_not_use_up_the_connections(OtlpProtocol protocol)
    {
        using var certificates = new Certificates();
        await using var collector = await Collector.StartAsync(certificates.Server);
        await using var relay = new SilentRelay(protocol == OtlpProtocol.Grpc ? collector.Grpc : collector.Http, silent: 3);
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(
            Options(collector, protocol, options =>
            {
                options.Endpoint = relay.Endpoint;
                options.CertificateFile = certificates.AuthorityFile;
                options.Timeout = TimeSpan.FromMilliseconds(500);
            }),
            log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => log.ToString().Contains("works again", StringComparison.Ordinal));
        Assert.Contains("no answer within 0.5 s", log.ToString(), StringComparison.Ordinal);
        await Until(() => sink.Account.Exported == 1);
    }

    [Fact]
    public async Task The_authorities_between_client_and_collector_are_sent_along()
    {
        using var certificates = new Certificates();
        await using var collector = await Collector.StartAsync(certificates.Server, certificates.Authority);
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, options =>
        {
            options.CertificateFile = certificates.AuthorityFile;
            options.ClientCertificateFile = certificates.ClientChainFile;
        }));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Exported == 1);
        Assert.Contains("CN=Beyla test department", collector.ClientChain);
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_client_without_the_certificate_that_is_asked_for_is_told_of_TLS(OtlpProtocol protocol)
    {
        using var certificates = new Certificates();
        await using var collector = await Collector.StartAsync(certificates.Server, certificates.Authority);
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(Options(collector, protocol, options => options.CertificateFile = certificates.AuthorityFile), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Failures > 1);
        Assert.Contains("certificate", log.ToString(), StringComparison.Ordinal);
        Assert.Empty(collector.Traces);
    }

    [Fact]
    public async Task The_exporter_says_who_it_is_unless_told_otherwise()
    {
        await using var collector = await Collector.StartAsync();
        foreach (var name in (string?[])[null, "mine/1.0"])
        {
            await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, options =>
            {
                if (name is not null)
                {
                    options.Headers["user-agent"] = name;
                }
            }));
            await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        }

        Assert.Equal([$"Beyla-OTLP-Exporter-DotNet/{BeylaInstrumentation.Version}", "mine/1.0"], collector.Traces.Select(delivery => delivery.Headers["USER-AGENT"]));
    }

    [Theory]
    [InlineData(2, "2000m")]
    [InlineData(200_000, "200000S")]
    public async Task A_gRPC_collector_is_told_how_long_the_attempt_may_take(int seconds, string expected)
    {
        await using var collector = await Collector.StartAsync();
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.Grpc, options => options.Timeout = TimeSpan.FromSeconds(seconds)));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Exported == 1);
        Assert.Equal(expected, Assert.Single(collector.Traces).Headers["GRPC-TIMEOUT"]);
    }

    [Theory]
    [InlineData(OtlpCompression.None)]
    [InlineData(OtlpCompression.Gzip)]
    public async Task An_answer_that_comes_before_the_request_is_read_garbles_nothing(OtlpCompression compression)
    {
        await using var collector = await Collector.StartAsync();
        var spans = Enumerable.Range(0, 4000).Select(number => (Span)Samples.Span(Samples.Shop, number)).ToArray();
        for (var i = 0; i < 3; i++)
        {
            collector.Script.Enqueue(new() { HttpStatus = 503, IsEarly = true });
        }

        await using (var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, options => options.Compression = compression)))
        {
            await sink.EmitAsync(spans, Token);
            await Until(() => sink.Account.Exported == spans.Length);
        }

        var received = collector.Traces.Spans().ToDictionary(span => Convert.ToHexStringLower(span.SpanId.Span));
        Assert.All(spans, span => Decoded.AssertEqual(span, received[span.SpanId.ToHexString()]));
    }
}
