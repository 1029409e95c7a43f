using System.Globalization;

namespace Beyla.Metrics;

/// <summary>The attributes of http.server.* and http.client.* metrics. Absent text is <see langword="null"/>, an absent number 0.</summary>
internal readonly struct HttpSeriesKey : IEquatable<HttpSeriesKey>, ISeriesKey<HttpSeriesKey>
{
    internal const int MethodPlace = 0;
    internal const int StatusPlace = 1;
    internal const int RoutePlace = 2;
    internal const int SchemePlace = 3;
    internal const int AddressPlace = 4;
    internal const int PortPlace = 5;
    internal const int PathPlace = 6;
    internal const int ClientPlace = 7;

    private readonly HttpMethods _methods;
    private readonly string? _route;
    private readonly string? _address;
    private readonly string? _path;
    private readonly string? _client;
    private readonly ulong _numbers;

    /// <param name="methods">Names the method.</param>
    /// <param name="measurement">The exchange.</param>
    /// <param name="standard">Whether the optional attributes are left out.</param>
    internal HttpSeriesKey(HttpMethods methods, in HttpMeasurement measurement, bool standard)
        : this(
            methods,
            NullIfEmpty(measurement.Route),
            NullIfEmpty(measurement.ServerAddress),
            standard ? null : measurement.Path,
            standard ? null : measurement.ClientAddress,
            Pack(methods.Find(measurement.Method), measurement.StatusCode, measurement.IsHttps, measurement.ServerPort))
    {
    }

    private HttpSeriesKey(HttpMethods methods, string? route, string? address, string? path, string? client, ulong numbers)
    {
        _methods = methods;
        _route = route;
        _address = address;
        _path = path;
        _client = client;
        _numbers = numbers;
    }

    private int Port => (ushort)_numbers;

    private int StatusCode => (ushort)(_numbers >> 16);

    private int Method => (ushort)(_numbers >> 32);

    private bool Https => _numbers >> 48 != 0;

    public void WriteAttributes(Span<string?> values)
    {
        values[MethodPlace] = _methods.Name(Method);
        values[StatusPlace] = StatusCode == 0 ? null : StatusCode.ToString(CultureInfo.InvariantCulture);
        values[RoutePlace] = _route;
        values[SchemePlace] = Https ? "https" : "http";
        values[AddressPlace] = _address;
        values[PortPlace] = Port == 0 ? null : Port.ToString(CultureInfo.InvariantCulture);
        values[PathPlace] = _path;
        if (values.Length > ClientPlace)
        {
            values[ClientPlace] = _client;
        }
    }

    public HttpSeriesKey Select(AttributeSet selected) => new(
        _methods,
        selected.Contains(RoutePlace) ? _route : null,
        selected.Contains(AddressPlace) ? _address : null,
        selected.Contains(PathPlace) ? _path : null,
        selected.Contains(ClientPlace) ? _client : null,
        Pack(
            selected.Contains(MethodPlace) ? Method : 0,
            selected.Contains(StatusPlace) ? StatusCode : 0,
            selected.Contains(SchemePlace) && Https,
            selected.Contains(PortPlace) ? Port : 0));

    public bool Equals(HttpSeriesKey other) =>
        _numbers == other._numbers && string.Equals(_route, other._route) && string.Equals(_address, other._address)
        && string.Equals(_path, other._path) && string.Equals(_client, other._client);

    public override bool Equals(object? obj) => obj is HttpSeriesKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = TextHash.Add(TextHash.Add(_numbers, _route), _address);
        // Hardly anybody selects these: the many don't pay for hashing nothing.
        return (_path is null && _client is null ? hash : TextHash.Add(TextHash.Add(hash, _path), _client)).GetHashCode();
    }

    private static ulong Pack(int method, int statusCode, bool https, int port)
    {
        var status = statusCode is >= 100 and <= 999 ? statusCode : 0;
        return (ulong)(ushort)port | ((ulong)status << 16) | ((ulong)method << 32) | (https ? 1UL << 48 : 0);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
