using Beyla.Tracing;
using static Beyla.Exporters.Otlp.Tests.Setup;

namespace Beyla.Exporters.Otlp.Tests;

public sealed class TransportTests
{
    public enum Security
    {
        None,
        Authority,
        ClientCertificate,
        Skip,
    }

    public static TheoryData<OtlpProtocol, OtlpCompression, Security> Ways() =>
        [.. from protocol in Enum.GetValues<OtlpProtocol>() from compression in Enum.GetValues<OtlpCompression>() from security in Enum.GetValues<Security>() select (protocol, compression, security)];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Spans_arrive_whole_on_every_way(OtlpProtocol protocol, OtlpCompression compression, Security security)
    {
        using var certificates = new Certificates();
        await using var collector = await Collector.StartAsync(
            security == Security.None ? null : certificates.Server, security == Security.ClientCertificate ? certificates.Authority : null);
        Span[] spans =
        [
            Samples.Span(Samples.Shop, 1),
            Samples.Span(Samples.Stock, 2, SpanKind.Client, status: 404, hasParent: true),
            Samples.Span(Samples.Shop, 3, status: 503, hasParent: true),
            Samples.Span(Samples.Shop, 4, status: null),
        ];
        var options = Options(collector, protocol, configure: options =>
        {
            options.Compression = compression;
            options.Headers["x-tenant"] = "seven";
            options.Traces.Headers["x-signal"] = "spans";
            options.CertificateFile = security is Security.Authority or Security.ClientCertificate ? certificates.AuthorityFile : null;
            options.ClientCertificateFile = security == Security.ClientCertificate ? certificates.ClientFile : null;
            options.ClientKeyFile = security == Security.ClientCertificate ? certificates.ClientKeyFile : null;
            options.InsecureSkipVerify = security == Security.Skip;
        });
        var log = new LogLines();
        await using (var sink = new OtlpTraceSink(options, log.For<OtlpTraceSink>()))
        {
            await sink.EmitAsync(spans, Token);
            await Until(() => sink.Account.Queued == 0);
            Assert.True(sink.Account.Exported == 4, log.ToString());
        }

        var delivery = Assert.Single(collector.Traces);
        var received = collector.Traces.Spans().ToDictionary(span => Convert.ToHexStringLower(span.SpanId.Span));
        Assert.Equal(4, received.Count);
        Assert.All(spans, span => Decoded.AssertEqual(span, received[span.SpanId.ToHexString()]));
        Assert.Equal("seven", delivery.Headers["X-TENANT"]);
        Assert.Equal("spans", delivery.Headers["X-SIGNAL"]);
        Assert.Equal(compression == OtlpCompression.Gzip ? "gzip" : null, delivery.Headers.GetValueOrDefault(protocol == OtlpProtocol.Grpc ? "GRPC-ENCODING" : "CONTENT-ENCODING"));
    }

    [Fact]
    public async Task Each_service_is_a_resource_of_its_own()
    {
        await using var collector = await Collector.StartAsync();
        await using (var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, configure: options =>
        {
            options.HostName = "web1";
            options.HostId = "0123";
            options.ResourceAttributes["deployment.environment.name"] = "test";
            options.ResourceAttributes["host.id"] = "what is known wins";
            options.ResourceAttributes["service.namespace"] = "of the observer";
        })))
        {
            await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop, 1), Samples.Span(Samples.Stock, 2), Samples.Span(Samples.Shop, 3) }, Token);
        }

        var resources = Assert.Single(collector.Traces).Message.ResourceSpans;
        Assert.Equal([2, 1], resources.Select(resource => Assert.Single(resource.ScopeSpans).Spans.Count));
        Assert.All(resources, resource => Assert.Equal(("Beyla", BeylaInstrumentation.Version), (resource.ScopeSpans[0].Scope.Name, resource.ScopeSpans[0].Scope.Version)));
        Assert.Equal(
            new Dictionary<string, object>
            {
                ["service.name"] = "shop",
                ["service.namespace"] = "sales",
                ["service.instance.id"] = "web1:4711",
                ["host.name"] = "web1",
                ["host.id"] = "0123",
                ["os.type"] = "linux",
                ["process.pid"] = 4711L,
                ["process.executable.path"] = "/usr/bin/shop",
                ["telemetry.sdk.name"] = "beyla",
                ["telemetry.sdk.language"] = "go",
                ["telemetry.sdk.version"] = BeylaInstrumentation.Version,
                ["telemetry.distro.name"] = BeylaInstrumentation.DistroName,
                ["telemetry.distro.version"] = BeylaInstrumentation.Version,
                ["service.version"] = "1.2",
                ["deployment.environment.name"] = "test",
            },
            Decoded.Attributes(resources[0].Resource.Attributes));
        var stock = Decoded.Attributes(resources[1].Resource.Attributes);
        Assert.Equal("stock", stock["service.name"]);
        Assert.DoesNotContain("service.namespace", stock.Keys);
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_refusal_for_now_is_repeated_until_it_is_taken(OtlpProtocol protocol)
    {
        await using var collector = await Collector.StartAsync();
        collector.Script.Enqueue(new() { HttpStatus = 503, GrpcStatus = 14 });
        collector.Script.Enqueue(new() { HttpStatus = 429, GrpcStatus = 8, GrpcRetryDelay = 0.02, RetryAfter = "0" });
        if (protocol == OtlpProtocol.HttpProtobuf)
        {
            collector.Script.Enqueue(new() { Aborts = true });
        }

        await using var sink = new OtlpTraceSink(Options(collector, protocol));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Queued == 0);
        Assert.Equal((1, 0), (sink.Account.Exported, sink.Account.Dropped));
        Assert.Equal(collector.Attempts - 1, sink.Account.Failures);
        Assert.Single(collector.Traces.Spans());
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task The_collector_says_how_long_to_wait(OtlpProtocol protocol)
    {
        await using var collector = await Collector.StartAsync();
        collector.Script.Enqueue(new() { HttpStatus = 503, RetryAfter = "1", GrpcStatus = 14, GrpcRetryDelay = 1 });
        await using var sink = new OtlpTraceSink(Options(collector, protocol));
        var began = TimeProvider.System.GetTimestamp();
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Exported == 1);
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(990));
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf, 400, 3)]
    [InlineData(OtlpProtocol.HttpProtobuf, 401, 16)]
    [InlineData(OtlpProtocol.HttpProtobuf, 404, 5)]
    [InlineData(OtlpProtocol.HttpProtobuf, 500, 13)]
    [InlineData(OtlpProtocol.Grpc, 400, 3)]
    [InlineData(OtlpProtocol.Grpc, 401, 16)]
    [InlineData(OtlpProtocol.Grpc, 429, 8)]
    [InlineData(OtlpProtocol.Grpc, 501, 12)]
    public async Task A_refusal_for_good_is_dropped_counted_and_told(OtlpProtocol protocol, int httpStatus, int grpcStatus)
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { HttpStatus = httpStatus, GrpcStatus = grpcStatus, Body = "<html>\u0007no</html>"u8.ToArray() };
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(Options(collector, protocol), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop), Samples.Span(Samples.Stock) }, Token);
        await Until(() => sink.Account.Queued == 0);
        Assert.Equal((0, 2, 1), (sink.Account.Exported, sink.Account.Rejected, collector.Attempts));
        Assert.Contains(protocol == OtlpProtocol.Grpc ? $"gRPC status {grpcStatus}" : $"HTTP {httpStatus}", log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u0007', log.ToString());
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task What_a_partial_success_leaves_out_is_counted(OtlpProtocol protocol)
    {
        await using var collector = await Collector.StartAsync();
        collector.Script.Enqueue(new() { Rejected = 2 });
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(Options(collector, protocol), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop), Samples.Span(Samples.Shop), Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Queued == 0);
        Assert.Equal((1, 2), (sink.Account.Exported, sink.Account.Rejected));
        Assert.Contains("too old", log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_collector_that_hangs_is_asked_again(OtlpProtocol protocol)
    {
        await using var collector = await Collector.StartAsync();
        collector.Script.Enqueue(new() { Hangs = true });
        await using var sink = new OtlpTraceSink(Options(collector, protocol, configure: options => options.Timeout = TimeSpan.FromSeconds(1)));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Exported == 1);

        // The second attempt may be too late as well on a busy machine.
        Assert.True(collector.Attempts >= 2);
    }

    [Fact]
    public async Task Garbage_with_a_good_status_is_a_success()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { Body = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))] };
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Queued == 0);
        Assert.Equal(1, sink.Account.Exported);
    }

    [Fact]
    public async Task A_redirection_is_not_followed_and_its_target_is_named()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { HttpStatus = 307, Location = "http://elsewhere.example/v1/traces" };
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Rejected == 1);
        Assert.Contains("elsewhere.example", log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    [InlineData(OtlpProtocol.Grpc)]
    public async Task A_certificate_of_a_stranger_is_refused_in_words(OtlpProtocol protocol)
    {
        using var certificates = new Certificates();
        using var strangers = new Certificates("A stranger");
        await using var collector = await Collector.StartAsync(certificates.Server);
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(Options(collector, protocol, configure: options => options.CertificateFile = strangers.AuthorityFile), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Failures > 0);
        Assert.Contains("TLS failed", log.ToString(), StringComparison.Ordinal);
        Assert.Empty(collector.Traces);
    }

    [Fact]
    public async Task A_collector_without_TLS_is_named_as_such()
    {
        await using var collector = await Collector.StartAsync();
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(
            Options(collector, OtlpProtocol.HttpProtobuf, configure: options => options.Traces.Endpoint = new UriBuilder(collector.Http) { Scheme = "https" }.Uri), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Failures > 0);
        Assert.Contains("use http://", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_collector_costs_the_oldest_spans_and_every_one_is_counted()
    {
        Uri dead;
        await using (var collector = await Collector.StartAsync())
        {
            dead = collector.Http;
        }

        var log = new LogLines();
        var sink = new OtlpTraceSink(
            new OtlpExporterOptions { Endpoint = dead, Protocol = OtlpProtocol.HttpProtobuf, RetryInitialInterval = TimeSpan.FromMilliseconds(20), Timeout = TimeSpan.FromMilliseconds(500), Traces = { MaxBatchSize = 10, QueueSize = 50, BatchTimeout = TimeSpan.Zero } },
            log.For<OtlpTraceSink>());
        for (var i = 0; i < 40; i++)
        {
            await sink.EmitAsync(Enumerable.Range(0, 10).Select(number => (Span)Samples.Span(Samples.Shop, number)).ToArray(), Token);
        }

        Assert.True(sink.Account.Queued <= 60, "The queue and the batch under way are all that waits.");
        Assert.True(sink.Account.QueueFull >= 340);
        await sink.DisposeAsync().AsTask().WaitAsync(Deadline, Token);
        Assert.Equal((400, 0, 0), (sink.Account.Received, sink.Account.Exported, sink.Account.Queued));
        Assert.Equal(400, sink.Account.QueueFull + sink.Account.Shutdown);
        Assert.Contains("connection refused", log.ToString(), StringComparison.Ordinal);
        // The endpoint, perhaps a failure, one drop, and the rest at the end: of forty batches.
        Assert.InRange(log.Lines.Count, 3, 4);
        Assert.Matches(@"dropped \d+ more items by its end: connection refused; .* In all: \d+ queue_full, \d+ shutdown$", log.Lines.Last());
    }

    [Fact]
    public async Task What_is_repeated_for_too_long_is_dropped_and_counted()
    {
        await using var collector = await Collector.StartAsync();
        collector.Always = new() { HttpStatus = 503 };
        var log = new LogLines();
        await using var sink = new OtlpTraceSink(
            Options(collector, OtlpProtocol.HttpProtobuf, configure: options => options.RetryMaxElapsedTime = TimeSpan.FromSeconds(1)), log.For<OtlpTraceSink>());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        await Until(() => sink.Account.Queued == 0);
        Assert.Equal((0, 1), (sink.Account.Exported, sink.Account.RetriesExhausted));
        Assert.Matches(@"dropped 1 items after \d+(\.\d)? s: HTTP 503\. 1 are dropped so far", log.ToString());
        Assert.True(collector.Attempts > 1);
    }

    [Fact]
    public async Task The_end_sends_what_waits_for_its_batch()
    {
        await using var collector = await Collector.StartAsync();
        var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, configure: options => options.Traces.BatchTimeout = TimeSpan.FromHours(1)));
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        Assert.Empty(collector.Traces);
        await sink.DisposeAsync();
        Assert.Single(collector.Traces.Spans());
        await sink.EmitAsync(new Span[] { Samples.Span(Samples.Shop) }, Token);
        Assert.Equal((2, 1, 1), (sink.Account.Received, sink.Account.Exported, sink.Account.Shutdown));
    }

    [Fact]
    public async Task Batches_are_no_larger_than_asked_for()
    {
        await using var collector = await Collector.StartAsync();
        await using (var sink = new OtlpTraceSink(Options(collector, OtlpProtocol.HttpProtobuf, configure: options => options.Traces.MaxBatchSize = 100)))
        {
            await sink.EmitAsync(Enumerable.Range(0, 1050).Select(number => (Span)Samples.Span(Samples.Shop, number)).ToArray(), Token);
        }

        Assert.Equal(1050, collector.Traces.Spans().Count());
        Assert.All(collector.Traces, delivery => Assert.InRange(new[] { delivery }.Spans().Count(), 1, 100));
    }
}
