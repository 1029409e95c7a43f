using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Load;

/// <summary>A scripted load: which worker opens which connections and what it asks on them.</summary>
internal sealed class LoadMix
{
    /// <summary>Content sizes that responses are asked for; a server of files needs one for each.</summary>
    public static readonly IReadOnlyList<int> ResponseSizes = [0, 1, 17, 200, 1000, 1460, 4096, 8191, 16384, 65536, 200_000, 1 << 20];

    private LoadMix(int seed, IReadOnlyList<IReadOnlyList<ConnectionScript>> workers)
    {
        Seed = seed;
        Workers = workers;
    }

    public int Seed { get; }

    public IReadOnlyList<IReadOnlyList<ConnectionScript>> Workers { get; }

    public IEnumerable<ExchangePlan> Plans => Workers.SelectMany(static w => w).SelectMany(static c => c.Batches).SelectMany(static b => b);

    /// <summary>Makes a mix of everything that the profile allows.</summary>
    public static LoadMix Build(ServerProfile profile, MixOptions? options = null)
    {
        options ??= new MixOptions();
        var random = new Random(options.Seed);
        var batches = new BatchFactory(profile, random).Build(options.Requests).ToArray();
        random.Shuffle(batches);

        var workers = new List<List<IReadOnlyList<ExchangePlan>>>();
        for (var worker = 0; worker < options.Workers; worker++)
        {
            workers.Add([]);
        }

        for (var index = 0; index < batches.Length; index++)
        {
            workers[index % workers.Count].Add(batches[index]);
        }

        return new LoadMix(options.Seed, [.. workers.Select(own => Connect(own, profile, random))]);
    }

    /// <summary>Single requests one after the other, on one connection for each worker.</summary>
    public static LoadMix Of(IEnumerable<ExchangePlan> plans, int workers) => new(0,
    [
        .. plans.Select(static (plan, number) => (Plan: plan, Number: number)).GroupBy(numbered => numbered.Number % workers)
            .Select(static own => (IReadOnlyList<ConnectionScript>)[new ConnectionScript([.. own.Select(static numbered => (IReadOnlyList<ExchangePlan>)[numbered.Plan])])]),
    ]);

    /// <summary>Joins batches to connections: until one of them ends the connection, now and then sooner.</summary>
    private static List<ConnectionScript> Connect(List<IReadOnlyList<ExchangePlan>> batches, ServerProfile profile, Random random)
    {
        var connections = new List<ConnectionScript>();
        var current = new List<IReadOnlyList<ExchangePlan>>();
        foreach (var batch in batches)
        {
            current.Add(batch);
            if (batch[^1].EndsConnection || !profile.Supports(Feature.KeepAlive) || random.Next(12) == 0)
            {
                connections.Add(new ConnectionScript(current));
                current = [];
            }
        }

        if (current.Count > 0)
        {
            connections.Add(new ConnectionScript(current));
        }

        return connections;
    }
}
