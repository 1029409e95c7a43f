using System.Globalization;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Load;

/// <summary>Requests for client programs, which choose connections and writes themselves.</summary>
internal static class ClientPlans
{
    private const int Megabyte = 1 << 20;

    /// <summary>A mix of everything that an ordinary client library does.</summary>
    public static IReadOnlyList<ExchangePlan> Build(ServerProfile server, int count = 220, int seed = 1)
    {
        var random = new Random(seed);
        var plans = new PlanFactory(server, random);
        var mix = Enumerable.Range(0, count).Select(number => (number % 10) switch
        {
            0 => plans.WithContent(random.Next(0, 50_000), plans.AnyFraming()),
            1 when server.Supports(Feature.ChunkedResponse) => plans.Ordinary() with
            {
                ResponseBytes = plans.Size(1, 200_000),
                ResponseFraming = ResponseFraming.Chunked,
            },
            2 when server.Supports(Feature.Delay) => plans.Ordinary() with { Delay = TimeSpan.FromMilliseconds(random.Next(1, 30)) },
            3 when server.Supports(Feature.ServerClose) && random.Next(3) == 0 => plans.Ordinary() with { ServerCloses = true },
            4 when random.Next(6) == 0 => plans.Get(Megabyte),
            5 when random.Next(6) == 0 => plans.WithContent(Megabyte, plans.AnyFraming()),
            _ => plans.Ordinary(),
        }).ToArray();
        random.Shuffle(mix);
        return mix;
    }

    /// <summary>Writes the plan as client programs read it.</summary>
    public static void Write(string file, IEnumerable<ExchangePlan> plans) => File.WriteAllLines(file, plans.Select(static plan =>
        $$"""{"id":"{{plan.Key}}","method":"{{plan.Method}}","target":"{{plan.Target}}","requestBytes":{{Content(plan)}},"chunked":{{Chunked(plan)}}}"""));

    private static string Content(ExchangePlan plan) => plan.RequestFraming == RequestFraming.None
        ? "null"
        : plan.RequestBytes.ToString(CultureInfo.InvariantCulture);

    private static string Chunked(ExchangePlan plan) => plan.RequestFraming == RequestFraming.Chunked ? "true" : "false";
}
