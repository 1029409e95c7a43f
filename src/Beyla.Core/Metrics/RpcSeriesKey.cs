using System.Globalization;

namespace Beyla.Metrics;

/// <summary>The attributes of rpc.server.* and rpc.client.* metrics. Absent text is <see langword="null"/>, an absent number 0.</summary>
internal readonly record struct RpcSeriesKey : ISeriesKey<RpcSeriesKey>
{
    internal const int MethodPlace = 0;
    internal const int SystemPlace = 1;
    internal const int StatusPlace = 2;
    internal const int AddressPlace = 3;
    internal const int PortPlace = 4;
    internal const int ClientPlace = 5;

    private readonly string? _method;
    private readonly string? _system;
    private readonly string? _status;
    private readonly string? _address;
    private readonly string? _client;
    private readonly ushort _port;

    internal RpcSeriesKey(in RpcMeasurement measurement, bool standard)
        : this(
            measurement.Method,
            measurement.System,
            measurement.Status,
            measurement.ServerAddress,
            standard ? null : measurement.ClientAddress,
            (ushort)measurement.ServerPort)
    {
    }

    private RpcSeriesKey(string? method, string? system, string? status, string? address, string? client, ushort port)
    {
        _method = method;
        _system = system;
        _status = status;
        _address = address;
        _client = client;
        _port = port;
    }

    public void WriteAttributes(Span<string?> values)
    {
        values[MethodPlace] = _method;
        values[SystemPlace] = _system;
        values[StatusPlace] = _status;
        values[AddressPlace] = _address;
        values[PortPlace] = _port == 0 ? null : _port.ToString(CultureInfo.InvariantCulture);
        if (values.Length > ClientPlace)
        {
            values[ClientPlace] = _client;
        }
    }

    public RpcSeriesKey Select(AttributeSet selected) => new(
        selected.Contains(MethodPlace) ? _method : null,
        selected.Contains(SystemPlace) ? _system : null,
        selected.Contains(StatusPlace) ? _status : null,
        selected.Contains(AddressPlace) ? _address : null,
        selected.Contains(ClientPlace) ? _client : null,
        selected.Contains(PortPlace) ? _port : (ushort)0);

    public override int GetHashCode()
    {
        var hash = TextHash.Add(TextHash.Add(TextHash.Add(_port, _method), _status), _address);
        return (_client is null ? hash : TextHash.Add(hash, _client)).GetHashCode();
    }
}
