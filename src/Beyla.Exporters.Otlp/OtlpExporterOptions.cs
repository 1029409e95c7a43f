using System.Buffers;
using System.Globalization;
using Beyla.Exporters.Otlp.Transport;

namespace Beyla.Exporters.Otlp;

/// <summary>Options of the OTLP exporter: those for all signals, and in <see cref="Traces"/> and <see cref="Metrics"/> what differs there.</summary>
public sealed class OtlpExporterOptions : OtlpConnectionOptions
{
    private static readonly SearchValues<char> HeaderNameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Traces.</summary>
    public OtlpTraceOptions Traces { get; } = new();

    /// <summary>Metrics.</summary>
    public OtlpMetricOptions Metrics { get; } = new();

    /// <summary>First pause before an attempt is repeated; it doubles from one to the next and is cut by a random part. Default 5 seconds.</summary>
    public TimeSpan RetryInitialInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest pause, unless the collector asks for a longer one. Default 30 seconds.</summary>
    public TimeSpan RetryMaxInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one request is repeated in all before its content is dropped and counted; zero: never repeated. Default 5 minutes.</summary>
    public TimeSpan RetryMaxElapsedTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Largest content of a request in bytes before compression; a batch that is larger goes out in several. Default 3 MiB:
    /// gRPC servers take 4 MiB unless they are told otherwise. A single span or series is never cut.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 3 * 1024 * 1024;

    /// <summary>
    /// Attributes of every resource. What is known of an observed service wins over them; those of a service
    /// (<c>service.*</c>) describe the observer, and are on the resource of its own telemetry alone.
    /// </summary>
    public IDictionary<string, string> ResourceAttributes { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary><c>host.name</c> of the resources; <see langword="null"/>, the default, for the machine's name.</summary>
    public string? HostName { get; set; }

    /// <summary><c>host.id</c> of the resources; <see langword="null"/>, the default, for the machine id; empty for none.</summary>
    public string? HostId { get; set; }

    internal IReadOnlyList<string> Validate(string section)
    {
        var errors = new List<string>();
        ValidateConnection(section, this);
        ValidateConnection($"{section}.{nameof(Traces)}", Traces);
        ValidateConnection($"{section}.{nameof(Metrics)}", Metrics);
        Require(Traces.MaxBatchSize is >= 1 and <= 65536, $"{nameof(Traces)}.{nameof(Traces.MaxBatchSize)}", Traces.MaxBatchSize, "give a number from 1 to 65536");
        Require(
            Traces.QueueSize >= Traces.MaxBatchSize && Traces.QueueSize <= 10_000_000,
            $"{nameof(Traces)}.{nameof(Traces.QueueSize)}",
            Traces.QueueSize,
            string.Create(CultureInfo.InvariantCulture, $"it must hold a batch, {nameof(Traces.MaxBatchSize)} ({Traces.MaxBatchSize}) or more, and 10000000 at most"));
        Require(Traces.BatchTimeout >= TimeSpan.Zero, $"{nameof(Traces)}.{nameof(Traces.BatchTimeout)}", Traces.BatchTimeout, "give a time of zero or more");
        Require(Metrics.Interval >= TimeSpan.FromMilliseconds(10), $"{nameof(Metrics)}.{nameof(Metrics.Interval)}", Metrics.Interval, "give 10 ms or more");
        Require(MaxRequestBytes is >= 65536 and <= 64 * 1024 * 1024, nameof(MaxRequestBytes), MaxRequestBytes, "give a number from 65536 to 67108864");
        Require(RetryInitialInterval > TimeSpan.Zero, nameof(RetryInitialInterval), RetryInitialInterval, "give a time above zero");
        Require(RetryMaxInterval >= RetryInitialInterval, nameof(RetryMaxInterval), RetryMaxInterval, $"it can't be less than {nameof(RetryInitialInterval)}");
        Require(RetryMaxElapsedTime >= TimeSpan.Zero, nameof(RetryMaxElapsedTime), RetryMaxElapsedTime, "give a time of zero or more");
        return errors;

        void Require<T>(bool holds, string option, T value, string wayOut)
        {
            if (!holds)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section}.{option} is {value}: {wayOut}."));
            }
        }

        void ValidateConnection(string name, OtlpConnectionOptions options)
        {
            if (options.Endpoint is { } endpoint)
            {
                ValidateEndpoint($"{name}.{nameof(Endpoint)}", endpoint);
            }

            foreach (var (header, value) in options.Headers)
            {
                // What HTTP can't carry would be left out in silence. Values are secrets.
                if (header.Length == 0 || header.AsSpan().ContainsAnyExcept(HeaderNameCharacters))
                {
                    errors.Add($"{name}.{nameof(Headers)} has the name '{header}': give letters, digits and hyphens.");
                }
                else if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                {
                    errors.Add($"{name}.{nameof(Headers)}['{header}'] has characters that a header can't have: give visible ASCII characters and spaces.");
                }
            }

            if (options.Timeout is { } timeout && timeout <= TimeSpan.Zero)
            {
                errors.Add($"{name}.{nameof(Timeout)} is {timeout}: give a time above zero.");
            }

            if (options.ClientKeyFile is not null && options.ClientCertificateFile is null)
            {
                errors.Add($"{name}.{nameof(ClientKeyFile)} is '{options.ClientKeyFile}' without {nameof(ClientCertificateFile)}: give both or none.");
            }

            foreach (var (option, file) in new[] { (nameof(CertificateFile), options.CertificateFile), (nameof(ClientCertificateFile), options.ClientCertificateFile), (nameof(ClientKeyFile), options.ClientKeyFile) })
            {
                if (file is not null && !File.Exists(file))
                {
                    errors.Add($"{name}.{option} is '{file}': there is no such file.");
                }
            }
        }

        void ValidateEndpoint(string option, Uri endpoint)
        {
            if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https" or OtlpConnection.UnixScheme))
            {
                errors.Add($"{option} is '{endpoint}': give a URL with http:// or https://, such as http://localhost:4318, or a socket such as unix:///run/otel.sock.");
            }
            else if (endpoint.UserInfo.Length > 0)
            {
                // Not repeated: it holds a password.
                errors.Add($"{option} has a user or a password in it, which would be seen in logs: give an Authorization header instead.");
            }
            else if (endpoint.Scheme == OtlpConnection.UnixScheme && endpoint.AbsolutePath.Length < 2)
            {
                errors.Add($"{option} is '{endpoint}': give the path of the socket, such as unix:///run/otel.sock.");
            }
        }
    }
}
