using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Load;

/// <summary>Makes batches: a fixed number of each peculiarity that the profile allows, then ordinary requests.</summary>
internal sealed class BatchFactory(ServerProfile profile, Random random)
{
    private const int Megabyte = 1 << 20;
    private readonly PlanFactory _plans = new(profile, random);

    public IEnumerable<IReadOnlyList<ExchangePlan>> Build(int requests)
    {
        var batches = new List<IReadOnlyList<ExchangePlan>>();
        AddFaults(batches);
        AddEndings(batches);
        AddRequests(batches);
        AddResponses(batches);
        if (profile.Supports(Feature.Pipelining) && profile.Supports(Feature.KeepAlive))
        {
            Add(batches, 10, () => [.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => _plans.Small())]);
        }

        var count = batches.Sum(static b => b.Count);
        AddEach(batches, Math.Max(0, requests - count), _plans.Ordinary);
        return batches;
    }

    private void AddFaults(List<IReadOnlyList<ExchangePlan>> batches)
    {
        AddIf(batches, Feature.AbortInHead, 4, () => _plans.Ordinary() with { Fault = ClientFault.InHead, FaultAfter = random.Next(1, 1000) });
        AddIf(batches, Feature.AbortInRequest, 5, () => _plans.WithContent(random.Next(1000, 100_000), RequestFraming.ContentLength) with
        {
            Fault = ClientFault.InRequest,
            FaultAfter = random.Next(1, 900),
        });
        AddIf(batches, Feature.AbortInResponse, 5, () => _plans.Get(Megabyte) with
        {
            Fault = ClientFault.InResponse,
            FaultAfter = random.Next(1, 100_000),
        });
    }

    private void AddEndings(List<IReadOnlyList<ExchangePlan>> batches)
    {
        AddEach(batches, 8, () => _plans.Ordinary() with { ClientCloses = true });
        AddEach(batches, 6, () => _plans.Ordinary() with { Http10 = true });
        AddIf(batches, Feature.ServerClose, 6, () => _plans.Ordinary() with { ServerCloses = true });
        AddIf(batches, Feature.CloseDelimitedResponse, 4, () => _plans.Get(_plans.Size(1, 100_000)) with
        {
            Http10 = true,
            ResponseFraming = ResponseFraming.CloseDelimited,
        });
    }

    private void AddRequests(List<IReadOnlyList<ExchangePlan>> batches)
    {
        AddIf(batches, Feature.SplitHead, 14, () => _plans.Ordinary() with { HeadPieces = random.Next(2, 6) });
        AddIf(batches, Feature.LargeHead, 6, () => _plans.Ordinary() with { HeaderPadding = random.Next(1000, 7000) });
        AddEach(batches, 6, () => _plans.WithContent(random.Next(10, 20_000), _plans.AnyFraming()) with { BodyPieces = random.Next(2, 5) });
        AddEach(batches, 2, () => _plans.WithContent(Megabyte, RequestFraming.ContentLength));
        AddIf(batches, Feature.ChunkedRequest, 2, () => _plans.WithContent(Megabyte, RequestFraming.Chunked));
        AddIf(batches, Feature.ChunkedRequest, 10, () => _plans.WithContent(random.Next(0, 50_000), RequestFraming.Chunked));
        AddIf(batches, Feature.ExpectContinue, 6, () => _plans.WithContent(random.Next(1, 20_000), _plans.AnyFraming()) with { ExpectContinue = true });
        AddIf(batches, Feature.EarlyResponse, 6, () => _plans.WithContent(random.Next(100, 30_000), _plans.AnyFraming()) with
        {
            EarlyResponse = true,
            Delay = TimeSpan.Zero,
        });
    }

    private void AddResponses(List<IReadOnlyList<ExchangePlan>> batches)
    {
        AddEach(batches, 4, () => _plans.Get(Megabyte));
        AddIf(batches, Feature.ChunkedResponse, 2, () => _plans.Get(Megabyte) with { ResponseFraming = ResponseFraming.Chunked });
        AddIf(batches, Feature.ChunkedResponse, 10, () => _plans.Ordinary() with
        {
            ResponseBytes = _plans.Size(1, 200_000),
            ResponseFraming = ResponseFraming.Chunked,
        });
        AddIf(batches, Feature.Delay, 12, () => _plans.Ordinary() with { Delay = TimeSpan.FromMilliseconds(random.Next(1, 40)) });
    }

    private void AddIf(List<IReadOnlyList<ExchangePlan>> batches, Feature feature, int count, Func<ExchangePlan> make)
    {
        if (profile.Supports(feature))
        {
            AddEach(batches, count, make);
        }
    }

    private static void AddEach(List<IReadOnlyList<ExchangePlan>> batches, int count, Func<ExchangePlan> make) => Add(batches, count, () => [make()]);

    private static void Add(List<IReadOnlyList<ExchangePlan>> batches, int count, Func<IReadOnlyList<ExchangePlan>> make)
    {
        for (var index = 0; index < count; index++)
        {
            batches.Add(make());
        }
    }
}
