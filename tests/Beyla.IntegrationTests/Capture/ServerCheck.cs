using Beyla.Capture.Uprobes;
using Beyla.Discovery;
using Beyla.IntegrationTests.Fleet;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;
using Beyla.Protocols.Http;

namespace Beyla.IntegrationTests.Capture;

/// <summary>Holds the spans of a server against what it and its clients know.</summary>
internal sealed class ServerCheck(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <summary>Plays a mix and demands that the spans equal the server's log.</summary>
    /// <param name="kind">The server.</param>
    /// <param name="limits">What the capture can't do with it.</param>
    public Task SeesEveryRequestAsync(ServerKind kind, params (Feature Feature, string Reason)[] limits) => SeesEveryRequestAsync(kind, null, limits);

    /// <inheritdoc cref="SeesEveryRequestAsync(ServerKind, ValueTuple{Feature, string}[])"/>
    public async Task SeesEveryRequestAsync(ServerKind kind, UprobeMode? mode, params (Feature Feature, string Reason)[] limits)
    {
        var exclusions = new Dictionary<Feature, string>(kind.Profile.Exclusions) { [Feature.Pipelining] = "has tests of its own" };
        foreach (var (feature, reason) in limits)
        {
            exclusions[feature] = reason;
        }

        var profile = kind.Profile with { Exclusions = exclusions };
        var (result, description) = await PlayAsync(kind, profile, mode);
        Assert.True(result.IsEqual, $"{result}\n{description}");
        Assert.True(result.Paired >= 200, "The mix is too small to prove anything.");
    }

    /// <summary>
    /// Heads that lie in the middle of a large write are not copied; what follows can't be paired with certainty and is left out.
    /// It must be left out, not paired with something else.
    /// </summary>
    public async Task NeverPairsWronglyAsync(ServerKind kind)
    {
        var (result, description) = await PlayAsync(kind, kind.Profile);
        Assert.True(result.Invented.Count == 0 && result.Mismatched.Count == 0, $"{result}\n{description}");
        Assert.True(result.Missing.Count <= result.Paired / 10, $"{result}\n{description}");
    }

    private async Task<(ComparisonResult Result, string Description)> PlayAsync(ServerKind kind, ServerProfile profile, UprobeMode? mode = null)
    {
        using var deadline = TestDeadline.After(Deadline);
        await using var server = await FleetServer.StartAsync(kind, deadline.Token);
        await using var observer = await Observer.StartAsync(options =>
        {
            options.Discovery.Selectors.Add(new ProcessSelector { OpenPorts = PortSet.Of(server.Endpoint.Port) });
            options.Capture.UprobeMode = mode;
        }, output, deadline.Token);
        var mix = LoadMix.Build(profile);
        var run = await server.PlayAsync(mix, deadline.Token);
        var spans = await observer.SpansOfAsync(server.Endpoint.Port, run.Expected.Count(static r => !r.Optional), deadline.Token);
        var offset = MonotonicClock.UnixOffset();
        var result = run.CompareSpans(spans, unix => unix - offset, profile, CaptureComparison.Exact);
        output.WriteLine(result.ToString());
        output.WriteLine(observer.Describe());
        ExpectKnownSizes(spans, mix);
        Assert.All(spans, span => Assert.Equal(kind.IsSecure ? "https" : "http", span.Scheme));
        return (result, observer.Describe());
    }

    /// <summary>A size may be unknown for chunked messages and broken exchanges only.</summary>
    private static void ExpectKnownSizes(IReadOnlyList<HttpSpan> spans, LoadMix mix)
    {
        var plans = mix.Plans.ToLookup(static plan => (plan.Method, plan.Path));
        foreach (var span in spans)
        {
            foreach (var plan in plans[(span.Method!, span.Path!)].Where(static plan => plan is { Fault: ClientFault.None, EarlyResponse: false }))
            {
                Assert.True(span.RequestBodySize is not null || plan.RequestFraming == RequestFraming.Chunked, $"request size of {plan} unknown");
                Assert.True(span.ResponseBodySize is not null || plan.ResponseFraming == ResponseFraming.Chunked, $"response size of {plan} unknown");
            }
        }
    }
}
