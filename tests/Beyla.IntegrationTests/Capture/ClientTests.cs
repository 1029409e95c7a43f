using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;
using Beyla.Protocols.Http;
using Beyla.Tracing;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Every request that a program made is a client span with everything right.</summary>
[Trait("kind", "capture")]
public sealed class ClientTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    [Fact]
    public Task Every_request_of_Python_is_seen() => SeesEveryRequestAsync(ClientKinds.Python, Servers.Kestrel);

    [Fact]
    public Task Every_request_of_Node_is_seen() => SeesEveryRequestAsync(ClientKinds.Node, Servers.Kestrel);

    [Fact]
    public Task Every_request_of_Dotnet_is_seen() => SeesEveryRequestAsync(ClientKinds.Dotnet, Servers.Node);

    [Fact]
    public Task Every_request_of_Go_is_seen() => SeesEveryRequestAsync(ClientKinds.Go, Servers.Kestrel);

    [Fact]
    public Task Every_secure_request_of_Go_is_seen() => SeesEveryRequestAsync(ClientKinds.Go, Servers.Kestrel.Secure);

    [Fact]
    public Task Every_secure_request_of_Python_is_seen() => SeesEveryRequestAsync(ClientKinds.Python, Servers.Kestrel.Secure);

    [Fact]
    public Task Every_secure_request_of_Node_is_seen() => SeesEveryRequestAsync(ClientKinds.Node, Servers.Kestrel.Secure);

    [Fact]
    public Task Every_secure_request_of_Dotnet_is_seen() => SeesEveryRequestAsync(ClientKinds.Dotnet, Servers.Nginx.Secure);

    [Fact]
    public Task Every_secure_request_of_libcurl_with_GnuTLS_is_seen() => SeesEveryRequestAsync(ClientKinds.Pycurl, Servers.Kestrel.Secure);

    [Fact]
    public async Task Nothing_is_made_up_of_connections_of_Go_that_are_older_than_the_observer()
    {
        const int Workers = 6;
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Servers.Kestrel.Secure, deadline.Token);

        // Answers that come by one read: of a larger one the rest may look like another, and the fleet's content does.
        var plans = ClientPlans.Build(server.Kind.Profile).Where(static plan => plan.ResponseBytes <= 1000).ToArray();
        await using var client = await FleetClient.StartAsync(ClientKinds.Go, server, plans, Workers, isWarm: true);
        await using var observer = await Observer.StartAsync(
            options => options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { client.Process.Id } }), output, deadline.Token);
        var run = await client.RunAsync(deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, run.Expected.Count, deadline.Token);
        var offset = MonotonicClock.UnixOffset();
        var mayLack = CaptureComparison.Exact with
        {
            MayBeUnknown = new Dictionary<TruthField, string>(CaptureComparison.Exact.MayBeUnknown) { [TruthField.Status] = "of an answer that was missed" },
        };
        var result = run.CompareSpans(spans, unix => unix - offset, server.Kind.Profile, mayLack);
        output.WriteLine($"{result}\n{observer.Describe()}");
        Assert.True(result.Invented.Count == 0 && result.Mismatched.Count == 0, $"{result}");

        // The answer to each connection's first request came by a read that waited when the probes came.
        Assert.InRange(result.Missing.Count, 1, 2 * Workers);
    }

    [Fact]
    public async Task Both_ends_of_a_connection_tell_the_same_story()
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(Servers.Kestrel, deadline.Token);
        await using var client = await FleetClient.StartAsync(ClientKinds.Python, server, ClientPlans.Build(server.Kind.Profile));
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { client.Process.Id } });
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
        }, output, deadline.Token);
        var run = await client.RunAsync(deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, 2 * run.Expected.Count, deadline.Token);

        var clients = InOrder(spans, SpanKind.Client);
        var servers = InOrder(spans, SpanKind.Server);
        Assert.Equal(run.Expected.Count, clients.Length);
        Assert.Equal(clients.Select(Content), servers.Select(Content));
        var longer = 0;

        // The bytes are on their way before the hook of the sender runs, and the hook of the reader runs after the read: between
        // both and the stamp a thread may lose the CPU.
        var preemption = Preemption.Longest;
        foreach (var (ours, theirs) in clients.Zip(servers))
        {
            Assert.Equal((client.Process.Id, server.Process.Id), (ours.Service.ProcessId, theirs.Service.ProcessId));
            Assert.InRange(ours.StartUnixNanoseconds, long.MinValue, theirs.StartUnixNanoseconds + preemption.Ticks * TimeSpan.NanosecondsPerTick);
            Assert.True(ours.Duration >= theirs.Duration - preemption, $"{Content(ours)}: {ours.Duration} and {theirs.Duration}");
            Assert.True(Agree(ours.RequestBodySize, theirs.RequestBodySize), $"{Content(ours)}: request of {ours.RequestBodySize} and {theirs.RequestBodySize}");
            Assert.True(Agree(ours.ResponseBodySize, theirs.ResponseBodySize), $"{Content(ours)}: response of {ours.ResponseBodySize} and {theirs.ResponseBodySize}");
            longer += ours.DurationNanoseconds >= theirs.DurationNanoseconds ? 1 : 0;
        }

        output.WriteLine($"{longer} of {clients.Length} took the client as long as the server or longer");
        Assert.True(longer >= clients.Length * 3 / 4, $"Only {longer} of {clients.Length} took the client as long as the server.");
    }

    private async Task SeesEveryRequestAsync(ClientKind kind, ServerKind serverKind)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(serverKind, deadline.Token);
        var plans = ClientPlans.Build(serverKind.Profile);
        await using var client = await FleetClient.StartAsync(kind, server, plans);
        await using var observer = await Observer.StartAsync(
            options => options.Discovery.Selectors.Add(new ProcessSelector { ProcessIds = { client.Process.Id } }), output, deadline.Token);
        var run = await client.RunAsync(deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, run.Expected.Count, deadline.Token);
        var offset = MonotonicClock.UnixOffset();
        var result = run.CompareSpans(spans, unix => unix - offset, serverKind.Profile, CaptureComparison.Exact);
        output.WriteLine(result.ToString());
        output.WriteLine(observer.Describe());
        Assert.True(result.IsEqual, $"{result}\n{observer.Describe()}");
        Assert.True(result.Paired >= 200, "The mix is too small to prove anything.");
        Assert.All(spans, span =>
        {
            Assert.Equal((SpanKind.Client, client.Process.Id), (span.Kind, span.Service.ProcessId));
            Assert.Equal(server.Endpoint.ToString(), span.Host);
            Assert.Equal(server.Url.Scheme, span.Scheme);
        });
        ExpectKnownSizes(spans, plans);
    }

    /// <summary>A size may be unknown for chunked messages only.</summary>
    private static void ExpectKnownSizes(IEnumerable<HttpSpan> spans, IReadOnlyList<ExchangePlan> plans)
    {
        var lookup = plans.ToLookup(static plan => (plan.Method, plan.Path));
        foreach (var span in spans)
        {
            var same = lookup[(span.Method!, span.Path!)];
            Assert.True(span.RequestBodySize is not null || same.Any(static plan => plan.RequestFraming == RequestFraming.Chunked), $"request size of {span.Path} unknown");
            Assert.True(span.ResponseBodySize is not null || same.Any(static plan => plan.ResponseFraming == ResponseFraming.Chunked), $"response size of {span.Path} unknown");
        }
    }

    /// <summary>A client's port may be used again, so the order on each port is part of the story.</summary>
    private static HttpSpan[] InOrder(IEnumerable<HttpSpan> spans, SpanKind kind) =>
        [.. spans.Where(span => span.Kind == kind).OrderBy(static span => span.Source.Port).ThenBy(static span => span.StartUnixNanoseconds)];

    private static (int Port, string? Method, string? Path, int? Status) Content(HttpSpan span) =>
        (span.Source.Port, span.Method, span.Path, span.StatusCode);

    private static bool Agree(long? ours, long? theirs) => ours is null || theirs is null || ours == theirs;
}
