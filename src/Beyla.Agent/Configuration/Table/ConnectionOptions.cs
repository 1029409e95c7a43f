using System.Collections.Immutable;
using Beyla.Agent.Configuration.Kinds;
using Beyla.Agent.Configuration.Settings;
using Beyla.Exporters.Otlp;
using Beyla.Exporters.Otlp.Transport;

namespace Beyla.Agent.Configuration.Table;

/// <summary>
/// How the collector of one signal is reached. Variables for all signals are weaker than what a file says of one. Beyla has
/// endpoint, protocol and insecure_skip_verify in YAML, and the others as variables alone.
/// </summary>
/// <param name="key">The section.</param>
/// <param name="signal">The signal.</param>
/// <param name="own">Its options.</param>
internal sealed class ConnectionOptions(string key, OtlpSignal signal, Func<OtlpExporterOptions, OtlpConnectionOptions> own)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    private static readonly OptionalKind<OtlpProtocol> Protocols = new(
        new ChoiceKind<OtlpProtocol>("PROTOCOL", ("grpc", OtlpProtocol.Grpc), ("http/protobuf", OtlpProtocol.HttpProtobuf)) { Unavailable = ["http/json", "debug"] });

    private static readonly OptionalKind<OtlpCompression> Compressions = new(
        new ChoiceKind<OtlpCompression>("METHOD", ("none", OtlpCompression.None), ("gzip", OtlpCompression.Gzip)));

    private static readonly PairsKind Pairs = new(OtlpEnvironment.HeadersExample);

    internal IEnumerable<OptionOf<AgentSettings>> All() =>
    [
        new Option<AgentSettings, Uri?>
        {
            Key = $"{key}.endpoint",
            Variables = Variables("ENDPOINT", Kind.Url, (options, value) => options.Endpoint = value),
            Kind = Kind.Url,
            Summary = $"Send {signal.Name} to this collector; with HTTP /{signal.HttpPath} is appended to {Prefix}ENDPOINT",
            Member = Member(nameof(OtlpConnectionOptions.Endpoint)),
            Get = Endpoint,
            Set = (settings, value) => own(settings.Otlp).Endpoint = value,
        },
        new Option<AgentSettings, OtlpProtocol?>
        {
            Key = $"{key}.protocol",
            // As in Beyla the variable for all signals stands for the key of the file, and wins.
            Variables = [new(Own("PROTOCOL")), new(Prefix + "PROTOCOL")],
            Kind = Protocols,
            Summary = "grpc or http/protobuf (default: grpc when the port ends in 4317, else http/protobuf)",
            Get = settings => own(settings.Otlp).Protocol,
            Set = (settings, value) => own(settings.Otlp).Protocol = value,
        },
        new Option<AgentSettings, bool>
        {
            Key = $"{key}.insecure_skip_verify",
            Variables = OptionVariable.Of("BEYLA_OTEL_INSECURE_SKIP_VERIFY"),
            Kind = Kind.Bool,
            Summary = "Accept any certificate of the collector",
            Get = settings => own(settings.Otlp).InsecureSkipVerify ?? false,
            Set = (settings, value) => own(settings.Otlp).InsecureSkipVerify = value,
        },
        new Option<AgentSettings, ImmutableSortedDictionary<string, string>>
        {
            Key = $"{key}.headers",
            IsOwn = true,
            IsSecret = true,
            Variables = Variables("HEADERS", Pairs, (options, value) => options.Headers.Replace(value)),
            Kind = Pairs,
            Summary = "Headers of each request, such as authorization=Bearer%20token",
            Member = Member(nameof(OtlpConnectionOptions.Headers)),
            Get = settings => Headers(settings.Otlp.Headers).SetItems(own(settings.Otlp).Headers),
            Set = (settings, value) => own(settings.Otlp).Headers.Replace(value),
        },
        Other("compression", "COMPRESSION", Compressions, Compressions, "none or gzip (default none)", null, o => o.Compression, (o, v) => o.Compression = v),
        Other(
            "timeout",
            "TIMEOUT",
            new OptionalKind<TimeSpan>(Kind.Duration),
            new OptionalKind<TimeSpan>(Kind.Milliseconds),
            "How long one attempt may take (default 10s); in variables a number of milliseconds",
            nameof(OtlpConnectionOptions.Timeout),
            o => o.Timeout,
            (o, v) => o.Timeout = v),
        File("certificate", "CERTIFICATE", "PEM file of the authorities to trust instead of the machine's", nameof(OtlpConnectionOptions.CertificateFile), o => o.CertificateFile, (o, v) => o.CertificateFile = v),
        File("client_certificate", "CLIENT_CERTIFICATE", "PEM file of the certificate of this client", nameof(OtlpConnectionOptions.ClientCertificateFile), o => o.ClientCertificateFile, (o, v) => o.ClientCertificateFile = v),
        File("client_key", "CLIENT_KEY", "PEM file of the private key of that certificate", nameof(OtlpConnectionOptions.ClientKeyFile), o => o.ClientKeyFile, (o, v) => o.ClientKeyFile = v),
    ];

    private static ImmutableSortedDictionary<string, string> Headers(IDictionary<string, string> headers) =>
        headers.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase);

    private static T OneOf<T>(T own, T all) => own is null ? all : own;

    // What stands for all signals is told as what it means for this one, so that it can be given back in a file.
    private Uri? Endpoint(AgentSettings settings)
    {
        if (own(settings.Otlp).Endpoint is { } endpoint || settings.Otlp.Endpoint is null)
        {
            return own(settings.Otlp).Endpoint;
        }

        var connection = OtlpConnection.Of(settings.Otlp, own(settings.Otlp), signal);
        return connection.Protocol == OtlpProtocol.Grpc || connection.SocketPath is not null ? settings.Otlp.Endpoint : connection.Url;
    }

    private string Own(string variable) => $"{Prefix}{signal.Name.ToUpperInvariant()}_{variable}";

    private string Member(string property) => $"Otlp.{(signal == OtlpSignal.Traces ? nameof(OtlpExporterOptions.Traces) : nameof(OtlpExporterOptions.Metrics))}.{property}";

    private ImmutableArray<OptionVariable> Variables<T>(string name, ValueKind<T> kind, Action<OtlpConnectionOptions, T> set) =>
    [
        OptionVariable.In(Own(name), kind, (settings, value) => set(own(settings.Otlp), value)),
        OptionVariable.In(Prefix + name, kind, (settings, value) => set(settings.Otlp, value)) with { IsWeak = true },
    ];

    private Option<AgentSettings, T> Other<T>(
        string name,
        string variable,
        ValueKind<T> kind,
        ValueKind<T> inVariables,
        string summary,
        string? member,
        Func<OtlpConnectionOptions, T> get,
        Action<OtlpConnectionOptions, T> set) => new()
        {
            Key = $"{key}.{name}",
            IsOwn = true,
            Variables = Variables(variable, inVariables, set),
            Kind = kind,
            Summary = summary,
            Member = member is null ? null : Member(member),
            Get = settings => OneOf(get(own(settings.Otlp)), get(settings.Otlp)),
            Set = (settings, value) => set(own(settings.Otlp), value),
        };

    private Option<AgentSettings, string?> File(
        string name, string variable, string summary, string member, Func<OtlpConnectionOptions, string?> get, Action<OtlpConnectionOptions, string?> set) =>
        Other(name, variable, Kind.Text("FILE"), Kind.Text("FILE"), summary, member, get, set);
}
