using System.Text;

namespace DemoService;

/// <summary>Customers of the shop: about twenty requests a second on a few kept connections, until it is ended.</summary>
internal static class Traffic
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    internal static async Task RunAsync(Uri shop)
    {
        using var client = new HttpClient { BaseAddress = shop };
        using var timer = new PeriodicTimer(Pace);
        while (await timer.WaitForNextTickAsync())
        {
            _ = Random.Shared.Next(10) switch
            {
                0 => VisitAsync(client, HttpMethod.Get, "/"),
                < 5 => VisitAsync(client, HttpMethod.Get, $"/products/{Random.Shared.Next(1, 1050)}"),
                < 8 => VisitAsync(client, HttpMethod.Get, $"/user/{Random.Shared.Next(1, 10_000)}/info"),
                _ => VisitAsync(client, HttpMethod.Post, "/checkout"),
            };
        }
    }

    private static async Task VisitAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent($"{{\"items\": {Random.Shared.Next(1, 9)}}}", Encoding.UTF8, "application/json");
        }

        try
        {
            using var response = await client.SendAsync(request);
        }
        catch (HttpRequestException)
        {
            // The shop is closed, or not open yet; this customer goes away.
        }
    }
}
