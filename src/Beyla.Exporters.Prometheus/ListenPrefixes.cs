using System.Globalization;
using System.Net;

namespace Beyla.Exporters.Prometheus;

/// <summary>The options in the terms of <see cref="HttpListener"/>, and its errors in those of the options.</summary>
internal static class ListenPrefixes
{
    // The managed listener reports the errno of bind(2), or this when a listener of the same process has the prefix.
    private const int PrefixTaken = 400;
    private const int PermissionDenied = 13;
    private const int AddressInUse = 98;
    private const int AddressNotAvailable = 99;

    internal static IEnumerable<string> Of(PrometheusOptions options)
    {
        // The listener answers 404 to requests whose Host is not the prefix's, and loopback has two usual names.
        string[] hosts = options.Address switch
        {
            "*" or "0.0.0.0" => ["+"],
            "127.0.0.1" or "localhost" => ["127.0.0.1", "localhost"],
            _ => [options.Address],
        };
        return hosts.Select(host => string.Create(CultureInfo.InvariantCulture, $"http://{host}:{options.Port}/"));
    }

    internal static string Explain(PrometheusOptions options, HttpListenerException error)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"Can't serve Prometheus metrics on {options.Address}, port {options.Port}");
        return error.ErrorCode switch
        {
            AddressInUse or PrefixTaken => $"{what}: the port is in use. Choose another Prometheus port, or stop the program that has this one.",
            PermissionDenied => $"{what}: not permitted. Choose a port from 1024 up, or grant CAP_NET_BIND_SERVICE.",
            AddressNotAvailable => $"{what}: this machine does not have that address. Choose one of its addresses, or * for all.",
            _ => $"{what}: {error.Message}. Choose another Prometheus address or port.",
        };
    }
}
