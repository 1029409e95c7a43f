using System.Globalization;
using Beyla.IntegrationTests.Load;
using Beyla.IntegrationTests.Truth;

namespace Beyla.IntegrationTests.Scraping;

/// <summary>Requests of a few kinds whose rates, errors and durations are to be found again.</summary>
internal static class KnownLoad
{
    public const string UserRoute = "/user/{id}/info";
    public const string CreatedRoute = "/status/201/{id}";
    public const int CreatedBytes = 1000;
    public const int UserBytes = 300;

    private const int SlowMilliseconds = 60;

    /// <summary>Routes with the status that they answer with.</summary>
    public static readonly IReadOnlyDictionary<string, int> Routes = new Dictionary<string, int>
    {
        [UserRoute] = 200,
        [CreatedRoute] = 201,
        ["/status/404/{id}"] = 404,
        ["/status/503/{id}"] = 503,
    };

    /// <param name="scale">How often each kind is repeated.</param>
    /// <param name="first">Id of the first request.</param>
    public static IReadOnlyList<ExchangePlan> Build(int scale, int first)
    {
        ExchangePlan[] kinds =
        [
            .. Enumerable.Repeat(Of("GET", UserRoute) with { ResponseBytes = UserBytes }, 10),
            .. Enumerable.Repeat(Of("GET", UserRoute) with { ResponseBytes = UserBytes, Delay = TimeSpan.FromMilliseconds(SlowMilliseconds) }, 3),
            .. Enumerable.Repeat(Of("POST", CreatedRoute) with { RequestBytes = CreatedBytes, RequestFraming = RequestFraming.ContentLength }, 3),
            .. Enumerable.Repeat(Of("GET", "/status/404/{id}"), 2),
            .. Enumerable.Repeat(Of("GET", "/status/503/{id}"), 4),
        ];
        return [.. Enumerable.Repeat(kinds, scale).SelectMany(static all => all).Select((plan, number) => plan with
        {
            Id = first + number,
            Path = plan.Path.Replace("{id}", (first + number).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        })];
    }

    /// <summary>The route of a path.</summary>
    public static string RouteOf(TruthRecord request) =>
        request.Path.StartsWith("/user/", StringComparison.Ordinal) ? UserRoute : request.Path[..(request.Path.LastIndexOf('/') + 1)] + "{id}";

    private static ExchangePlan Of(string method, string route) => new() { Id = 0, Method = method, Path = route, Status = Routes[route] };
}
