using System.Globalization;

namespace Beyla.Metrics;

/// <summary>The standard attributes of http.server.* and http.client.* metrics. Absent text is <see langword="null"/>, an absent number 0.</summary>
internal readonly struct HttpSeriesKey : IEquatable<HttpSeriesKey>, ISelectableKey<HttpSeriesKey>
{
    private readonly HttpMethods _methods;
    private readonly string? _route;
    private readonly string? _address;
    private readonly ulong _numbers;

    internal HttpSeriesKey(HttpMethods methods, int method, int statusCode, string? route, bool https, string? address, int port)
    {
        _methods = methods;
        _route = string.IsNullOrEmpty(route) ? null : route;
        _address = string.IsNullOrEmpty(address) ? null : address;
        var status = statusCode is >= 100 and <= 999 ? statusCode : 0;
        _numbers = (ulong)(ushort)port | ((ulong)status << 16) | ((ulong)method << 32) | (https ? 1UL << 48 : 0);
    }

    private int Port => (ushort)_numbers;

    private int StatusCode => (ushort)(_numbers >> 16);

    private int Method => (ushort)(_numbers >> 32);

    private bool Https => _numbers >> 48 != 0;

    public void WriteAttributes(Span<string?> values)
    {
        values[0] = _methods.Name(Method);
        values[1] = StatusCode == 0 ? null : StatusCode.ToString(CultureInfo.InvariantCulture);
        values[2] = _route;
        values[3] = Https ? "https" : "http";
        values[4] = _address;
        values[5] = Port == 0 ? null : Port.ToString(CultureInfo.InvariantCulture);
    }

    public HttpSeriesKey Select(AttributeSet selected) => new(
        _methods,
        selected.Contains(0) ? Method : 0,
        selected.Contains(1) ? StatusCode : 0,
        selected.Contains(2) ? _route : null,
        selected.Contains(3) && Https,
        selected.Contains(4) ? _address : null,
        selected.Contains(5) ? Port : 0);

    public bool Equals(HttpSeriesKey other) =>
        _numbers == other._numbers && string.Equals(_route, other._route) && string.Equals(_address, other._address);

    public override bool Equals(object? obj) => obj is HttpSeriesKey other && Equals(other);

    public override int GetHashCode() => TextHash.Add(TextHash.Add(_numbers, _route), _address).GetHashCode();
}
