using System.Globalization;
using Beyla.IntegrationTests.Fleet;

namespace Beyla.IntegrationTests.Load;

/// <summary>Makes single requests with ids in order; paths vary so that there are routes to be found, and no two are equal.</summary>
internal sealed class PlanFactory(ServerProfile profile, Random random)
{
    /// <summary>Statuses asked for, 200 more often than others.</summary>
    public static readonly IReadOnlyList<int> Statuses =
        [200, 200, 200, 200, 201, 202, 204, 301, 302, 304, 400, 401, 403, 404, 409, 418, 422, 429, 500, 501, 502, 503];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    private readonly string[] _methods = [.. Methods.Where(m => !profile.ExcludedMethods.ContainsKey(m))];
    private readonly int[] _statuses = [.. Statuses.Where(s => !profile.ExcludedStatuses.ContainsKey(s))];
    private int _lastId;

    /// <summary>Any method, any status, moderate sizes.</summary>
    public ExchangePlan Ordinary()
    {
        var method = Pick(_methods);
        var plan = New(method, Pick(_statuses)) with { ResponseBytes = Size(0, 70_000) };
        return method is "POST" or "PUT" or "PATCH" || (method == "DELETE" && random.Next(3) == 0)
            ? plan with { RequestBytes = random.Next(0, 10_000), RequestFraming = RequestFraming.ContentLength }
            : plan;
    }

    /// <summary>A successful GET, whose answer has content.</summary>
    public ExchangePlan Get(int responseBytes) => New("GET", 200) with { ResponseBytes = responseBytes };

    /// <summary>Small in both directions, so that a batch of them fits the buffers of both ends.</summary>
    public ExchangePlan Small()
    {
        var plan = Ordinary();
        plan = plan with { ResponseBytes = Size(0, 5000), RequestBytes = Math.Min(plan.RequestBytes, 2000) };
        return profile.Supports(Feature.PipelinedContent) ? plan : plan with { RequestBytes = 0, RequestFraming = RequestFraming.None };
    }

    public ExchangePlan WithContent(int bytes, RequestFraming framing) => New(Pick(["POST", "PUT", "PATCH"]), Pick(_statuses)) with
    {
        RequestBytes = bytes,
        RequestFraming = framing,
        ResponseBytes = Size(0, 20_000),
    };

    public RequestFraming AnyFraming() =>
        profile.Supports(Feature.ChunkedRequest) && random.Next(2) == 0 ? RequestFraming.Chunked : RequestFraming.ContentLength;

    public int Size(int least, int most) => Pick([.. LoadMix.ResponseSizes.Where(s => s >= least && s <= most)]);

    private ExchangePlan New(string method, int status)
    {
        var id = ++_lastId;
        var path = random.Next(5) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"/user/{id}/info"),
            1 => string.Create(CultureInfo.InvariantCulture, $"/static/file-{id}.bin"),
            _ => string.Create(CultureInfo.InvariantCulture, $"/status/{status}/{id}"),
        };
        return new ExchangePlan
        {
            Id = id,
            Method = method,
            Path = path,
            Status = path.StartsWith("/status/", StringComparison.Ordinal) ? status : 200,
        };
    }

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];
}
