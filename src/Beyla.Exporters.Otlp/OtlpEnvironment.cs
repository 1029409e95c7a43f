using System.Globalization;
using Beyla.Exporters.Otlp.Transport;

namespace Beyla.Exporters.Otlp;

/// <summary>
/// The environment variables of the OTLP exporter specification (https://opentelemetry.io/docs/specs/otel/protocol/exporter/)
/// and of the metrics exporter (https://opentelemetry.io/docs/specs/otel/metrics/sdk_exporters/otlp/), those of batches and
/// export intervals (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/), and
/// <c>OTEL_RESOURCE_ATTRIBUTES</c> and <c>OTEL_SERVICE_NAME</c> of the observer.
/// </summary>
public static class OtlpEnvironment
{
    internal const string HeadersExample = "authorization=Bearer%20token,x-tenant=7";

    internal const string ResourceAttributesExample = "deployment.environment.name=production,team=shop";

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
        reader.Read("OTEL_RESOURCE_ATTRIBUTES", value => ParsePairs(value, options.ResourceAttributes, ResourceAttributesExample));
        reader.Read("OTEL_SERVICE_NAME", value => Text(value, name => options.ResourceAttributes["service.name"] = name));
        reader.Read("OTEL_BSP_SCHEDULE_DELAY", value => Milliseconds(value, delay => options.Traces.BatchTimeout = delay));
        reader.Read("OTEL_BSP_MAX_QUEUE_SIZE", value => Number(value, size => options.Traces.QueueSize = size));
        reader.Read("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", value => Number(value, size => options.Traces.MaxBatchSize = size));
        reader.Read("OTEL_METRIC_EXPORT_INTERVAL", value => Milliseconds(value, interval => options.Metrics.Interval = interval));
        reader.Read(Prefix + "METRICS_TEMPORALITY_PREFERENCE", value => OneOf(
            value, temporality => options.Metrics.Temporality = temporality, ("cumulative", OtlpTemporality.Cumulative), ("delta", OtlpTemporality.Delta), ("lowmemory", OtlpTemporality.LowMemory)));
        reader.Read(Prefix + "METRICS_DEFAULT_HISTOGRAM_AGGREGATION", value => OneOf(
            value, exponential => options.Metrics.ExponentialHistograms = exponential, ("explicit_bucket_histogram", false), ("base2_exponential_bucket_histogram", true)));
    }

    private static void ApplyConnection(Reader reader, string signal, OtlpConnectionOptions options)
    {
        reader.Read($"{Prefix}{signal}ENDPOINT", value =>
        {
            if (!Uri.TryCreate(value, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https" or OtlpConnection.UnixScheme))
            {
                return "give a URL with http:// or https://, such as http://localhost:4318, or a socket such as unix:///run/otel.sock";
            }

            options.Endpoint = endpoint;
            return null;
        });
        reader.Read($"{Prefix}{signal}PROTOCOL", value => OneOf(
            value, protocol => options.Protocol = protocol, ("grpc", OtlpProtocol.Grpc), ("http/protobuf", OtlpProtocol.HttpProtobuf)));
        reader.Read($"{Prefix}{signal}COMPRESSION", value => OneOf(
            value, compression => options.Compression = compression, ("none", OtlpCompression.None), ("gzip", OtlpCompression.Gzip)));
        reader.Read($"{Prefix}{signal}TIMEOUT", value => Milliseconds(value, timeout => options.Timeout = timeout));
        reader.Read($"{Prefix}{signal}HEADERS", value => ParsePairs(value, options.Headers, HeadersExample), isSecret: true);
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

    private static string? Number(string value, Action<int> set)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
        {
            return "give a number above 0";
        }

        set(number);
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

    /// <summary>Reads <c>key1=value1,key2=value2</c> with percent-encoded values (W3C Baggage without properties).</summary>
    /// <param name="value">The text.</param>
    /// <param name="pairs">Takes the pairs.</param>
    /// <param name="example">What such pairs look like.</param>
    /// <returns>What would be right; <see langword="null"/> when the text is.</returns>
    internal static string? ParsePairs(string value, IDictionary<string, string> pairs, string example)
    {
        foreach (var pair in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : Uri.UnescapeDataString(pair[..equals].Trim());
            if (name.Length == 0)
            {
                return $"give pairs such as {example}";
            }

            pairs[name] = Uri.UnescapeDataString(pair[(equals + 1)..].Trim());
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
