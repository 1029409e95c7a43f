using System.Globalization;

namespace Beyla.Exporters.Otlp;

/// <summary>
/// The environment variables of the OTLP exporter specification (https://opentelemetry.io/docs/specs/otel/protocol/exporter/)
/// and of the metrics exporter (https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/).
/// </summary>
public static class OtlpEnvironment
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>Lays what the environment says over the options. An empty variable is as good as none.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="environment">The variables.</param>
    /// <param name="errors">Takes a sentence for each value that is wrong, which then has no effect.</param>
    public static void Apply(OtlpExporterOptions options, IReadOnlyDictionary<string, string> environment, ICollection<string> errors)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(errors);
        var reader = new Reader(environment, errors);
        ApplyConnection(reader, "", options);
        ApplyConnection(reader, "TRACES_", options.Traces);
        ApplyConnection(reader, "METRICS_", options.Metrics);
        reader.Read("OTEL_METRIC_EXPORT_INTERVAL", value => Milliseconds(value, interval => options.Metrics.Interval = interval));
        // Deltas for counters and histograms is what both "delta" and "lowmemory" mean for the kinds that exist here.
        reader.Read(Prefix + "METRICS_TEMPORALITY_PREFERENCE", value => OneOf(
            value, temporality => options.Metrics.Temporality = temporality, ("cumulative", OtlpTemporality.Cumulative), ("delta", OtlpTemporality.Delta), ("lowmemory", OtlpTemporality.Delta)));
        reader.Read(Prefix + "METRICS_DEFAULT_HISTOGRAM_AGGREGATION", value => OneOf(
            value, exponential => options.Metrics.ExponentialHistograms = exponential, ("explicit_bucket_histogram", false), ("base2_exponential_bucket_histogram", true)));
    }

    private static void ApplyConnection(Reader reader, string signal, OtlpConnectionOptions options)
    {
        reader.Read($"{Prefix}{signal}ENDPOINT", value =>
        {
            if (!Uri.TryCreate(value, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            {
                return "give a URL with http:// or https://, such as http://localhost:4318";
            }

            options.Endpoint = endpoint;
            return null;
        });
        reader.Read($"{Prefix}{signal}PROTOCOL", value => OneOf(
            value, protocol => options.Protocol = protocol, ("grpc", OtlpProtocol.Grpc), ("http/protobuf", OtlpProtocol.HttpProtobuf)));
        reader.Read($"{Prefix}{signal}COMPRESSION", value => OneOf(
            value, compression => options.Compression = compression, ("none", OtlpCompression.None), ("gzip", OtlpCompression.Gzip)));
        reader.Read($"{Prefix}{signal}TIMEOUT", value => Milliseconds(value, timeout => options.Timeout = timeout));
        reader.Read($"{Prefix}{signal}HEADERS", value => Headers(value, options.Headers), isSecret: true);
        reader.Read($"{Prefix}{signal}CERTIFICATE", value => Text(value, file => options.CertificateFile = file));
        reader.Read($"{Prefix}{signal}CLIENT_CERTIFICATE", value => Text(value, file => options.ClientCertificateFile = file));
        reader.Read($"{Prefix}{signal}CLIENT_KEY", value => Text(value, file => options.ClientKeyFile = file));
    }

    private static string? Text(string value, Action<string> set)
    {
        set(value);
        return null;
    }

    private static string? Milliseconds(string value, Action<TimeSpan> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) || milliseconds == 0)
        {
            return "give a number of milliseconds above 0";
        }

        set(TimeSpan.FromMilliseconds(milliseconds));
        return null;
    }

    private static string? OneOf<T>(string value, Action<T> set, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        foreach (var (name, choice) in choices)
        {
            if (name.Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                set(choice);
                return null;
            }
        }

        var names = new List<string>();
        foreach (var (name, _) in choices)
        {
            names.Add(name);
        }

        return $"give one of {string.Join(", ", names)}";
    }

    // key1=value1,key2=value2 with percent-encoded values (W3C Baggage without properties).
    private static string? Headers(string value, IDictionary<string, string> headers)
    {
        foreach (var pair in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : Uri.UnescapeDataString(pair[..equals].Trim());
            if (name.Length == 0)
            {
                return "give pairs such as authorization=Bearer%20token,x-tenant=7";
            }

            headers[name] = Uri.UnescapeDataString(pair[(equals + 1)..].Trim());
        }

        return null;
    }

    private sealed class Reader(IReadOnlyDictionary<string, string> environment, ICollection<string> errors)
    {
        internal void Read(string variable, Func<string, string?> apply, bool isSecret = false)
        {
            if (environment.TryGetValue(variable, out var value) && !string.IsNullOrWhiteSpace(value) && apply(value.Trim()) is { } problem)
            {
                errors.Add(isSecret ? $"{variable} is not understood: {problem}." : $"{variable} is '{value}': {problem}.");
            }
        }
    }
}
