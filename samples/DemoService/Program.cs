using DemoService;

// A shop without a line of instrumentation, to be observed from outside, and its customers in a process of their own:
//   demo-shop [--port 8080]
//   demo-shop --traffic [--port 8080]
var isTraffic = args.Contains("--traffic");
var builder = WebApplication.CreateSlimBuilder(args.Where(argument => argument != "--traffic").ToArray());
var shop = new Uri($"http://127.0.0.1:{builder.Configuration.GetValue("port", 8080)}");
if (isTraffic)
{
    await Traffic.RunAsync(shop);
    return;
}

builder.WebHost.UseUrls(shop.ToString());
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var app = builder.Build();
app.MapGet("/", () => "Welcome to the shop.\n");
app.MapGet("/products/{id:int}", (int id) => id < 1000 ? Results.Text($"Product {id}\n") : Results.NotFound());
app.MapGet("/user/{id:int}/info", async (int id) =>
{
    await Task.Delay(Random.Shared.Next(1, 15));
    return $"User {id}\n";
});
app.MapPost("/checkout", async (HttpRequest request) =>
{
    await request.Body.CopyToAsync(Stream.Null);
    var luck = Random.Shared.NextDouble();
    await Task.Delay(luck < 0.1 ? Random.Shared.Next(300, 600) : Random.Shared.Next(5, 40));
    return luck is > 0.1 and < 0.2 ? Results.StatusCode(StatusCodes.Status500InternalServerError) : Results.Text("Thank you.\n");
});
app.Run();
