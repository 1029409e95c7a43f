using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Load;

public sealed class LoadMixTests
{
    private static readonly Dictionary<Feature, Func<ExchangePlan, bool>> Signs = new()
    {
        [Feature.ChunkedRequest] = static p => p.RequestFraming == RequestFraming.Chunked,
        [Feature.ChunkedResponse] = static p => p.ResponseFraming == ResponseFraming.Chunked,
        [Feature.CloseDelimitedResponse] = static p => p.ResponseFraming == ResponseFraming.CloseDelimited,
        [Feature.ExpectContinue] = static p => p.ExpectContinue,
        [Feature.EarlyResponse] = static p => p.EarlyResponse,
        [Feature.Delay] = static p => p.Delay > TimeSpan.Zero,
        [Feature.ServerClose] = static p => p.ServerCloses,
        [Feature.AbortInHead] = static p => p.Fault == ClientFault.InHead,
        [Feature.AbortInRequest] = static p => p.Fault == ClientFault.InRequest,
        [Feature.AbortInResponse] = static p => p.Fault == ClientFault.InResponse,
        [Feature.SplitHead] = static p => p.HeadPieces > 1,
        [Feature.LargeHead] = static p => p.HeaderPadding > 0,
    };

    public static TheoryData<Feature> Features => [.. Signs.Keys];

    [Fact]
    public void Equal_seeds_give_equal_mixes_and_others_do_not()
    {
        var profile = new ServerProfile();
        Assert.Equal(LoadMix.Build(profile).Plans, LoadMix.Build(profile).Plans);
        Assert.NotEqual(LoadMix.Build(profile).Plans, LoadMix.Build(profile, new MixOptions { Seed = -1 }).Plans);
    }

    [Fact]
    public void A_mix_is_large_and_broad()
    {
        var mix = LoadMix.Build(new ServerProfile());
        var plans = mix.Plans.ToArray();
        Assert.True(mix.Workers.Count >= 12);
        Assert.True(plans.Length >= 200);
        Assert.Equal(plans.Length, plans.Select(static p => (p.Method, p.Path)).Distinct().Count());
        Assert.Equal(7, plans.Select(static p => p.Method).Distinct().Count());
        Assert.Contains(plans, static p => p.RequestBytes == 1 << 20);
        Assert.Contains(plans, static p => p.ContentBytes == 1 << 20);
        Assert.Contains(plans, static p => p is { ResponseBytes: 0, HasNoContent: false });
        Assert.Contains(plans, static p => p.Http10);
        Assert.Contains(plans, static p => p.BodyPieces > 1);
        Assert.Contains(mix.Workers.SelectMany(static w => w).SelectMany(static c => c.Batches), static b => b.Count > 1);
    }

    [Theory]
    [MemberData(nameof(Features))]
    public void A_feature_is_in_the_mix_unless_the_profile_excludes_it(Feature feature)
    {
        Assert.Contains(LoadMix.Build(new ServerProfile()).Plans, p => Signs[feature](p));
        Assert.DoesNotContain(LoadMix.Build(Without(feature)).Plans, p => Signs[feature](p));
    }

    [Fact]
    public void Without_keep_alive_every_request_has_its_own_connection()
    {
        var connections = LoadMix.Build(Without(Feature.KeepAlive)).Workers.SelectMany(static w => w);
        Assert.All(connections, static c => Assert.Single(Assert.Single(c.Batches)));
    }

    [Fact]
    public void Nothing_follows_a_request_that_ends_the_connection()
    {
        var connections = LoadMix.Build(new ServerProfile()).Workers.SelectMany(static w => w);
        Assert.All(connections, static c => Assert.DoesNotContain(c.Batches.SelectMany(static b => b).SkipLast(1), static p => p.EndsConnection));
    }

    [Fact]
    public void The_path_names_the_status()
    {
        var plans = LoadMix.Build(new ServerProfile()).Plans;
        Assert.All(plans, static p => Assert.Equal(p.Path.StartsWith("/status/", StringComparison.Ordinal) ? p.Path.Split('/')[2] : "200", $"{p.Status}"));
    }

    private static ServerProfile Without(Feature feature) =>
        new() { Exclusions = new Dictionary<Feature, string> { [feature] = "the test says so" } };
}
