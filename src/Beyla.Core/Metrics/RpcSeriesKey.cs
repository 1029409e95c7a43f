using System.Globalization;

namespace Beyla.Metrics;

/// <summary>The standard attributes of rpc.server.* and rpc.client.* metrics. Absent text is <see langword="null"/>, an absent number 0.</summary>
internal readonly record struct RpcSeriesKey(string? Method, string? System, string? Status, string? Address, ushort Port) : ISelectableKey<RpcSeriesKey>
{
    public void WriteAttributes(Span<string?> values)
    {
        values[0] = Method;
        values[1] = System;
        values[2] = Status;
        values[3] = Address;
        values[4] = Port == 0 ? null : Port.ToString(CultureInfo.InvariantCulture);
    }

    public RpcSeriesKey Select(AttributeSet selected) => new(
        selected.Contains(0) ? Method : null,
        selected.Contains(1) ? System : null,
        selected.Contains(2) ? Status : null,
        selected.Contains(3) ? Address : null,
        selected.Contains(4) ? Port : (ushort)0);

    public override int GetHashCode() => TextHash.Add(TextHash.Add(TextHash.Add(Port, Method), Status), Address).GetHashCode();
}
