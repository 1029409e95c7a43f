using System.Text.Json;
using System.Text.Json.Serialization;

namespace Beyla.IntegrationTests.Rpc;

/// <summary>A call to be made; the members are explained in the README beside the programs.</summary>
internal sealed record RpcCall(string Method)
{
    private const int SmallestRequest = 64; // what is asked of the server fits

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Id { get; init; } = "";

    public IReadOnlyList<int> Requests { get; init; } = [SmallestRequest];

    public int Count { get; init; } = 1;

    public int Size { get; init; } = 10;

    public int Status { get; init; }

    public int Sleep { get; init; }

    public int Deadline { get; init; }

    public int Cancel { get; init; }

    public bool Compress { get; init; }

    public bool Gate { get; init; }

    public int Header { get; init; }

    /// <summary>Whether client and server may disagree on how the call ended.</summary>
    [JsonIgnore]
    public bool IsCutShort => Deadline > 0 || Cancel > 0;

    public string ToLine() => JsonSerializer.Serialize(this, Json);
}
