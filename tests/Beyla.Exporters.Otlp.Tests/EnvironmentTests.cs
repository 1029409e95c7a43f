using Beyla.Exporters.Otlp.Transport;

namespace Beyla.Exporters.Otlp.Tests;

public sealed class EnvironmentTests
{
    [Theory]
    [InlineData(null, null, null, OtlpProtocol.HttpProtobuf, "http://localhost:4318/v1/traces")]
    [InlineData(null, null, "grpc", OtlpProtocol.Grpc, "http://localhost:4317/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    [InlineData("http://c:4318", null, null, OtlpProtocol.HttpProtobuf, "http://c:4318/v1/traces")]
    [InlineData("http://c:4318/", null, null, OtlpProtocol.HttpProtobuf, "http://c:4318/v1/traces")]
    [InlineData("https://c/otlp/x", null, null, OtlpProtocol.HttpProtobuf, "https://c/otlp/x/v1/traces")]
    [InlineData("https://c/otlp/x/", null, null, OtlpProtocol.HttpProtobuf, "https://c/otlp/x/v1/traces")]
    [InlineData("http://c:4318", "http://t:9", null, OtlpProtocol.HttpProtobuf, "http://t:9/")]
    [InlineData("http://c:4318", "http://t:9/my/path", null, OtlpProtocol.HttpProtobuf, "http://t:9/my/path")]
    [InlineData("http://c:4317", null, null, OtlpProtocol.Grpc, "http://c:4317/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    [InlineData("http://c:14317", null, null, OtlpProtocol.Grpc, "http://c:14317/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    [InlineData("http://c:4317", null, "http/protobuf", OtlpProtocol.HttpProtobuf, "http://c:4317/v1/traces")]
    [InlineData("unix:///run/otel.sock", null, "grpc", OtlpProtocol.Grpc, "http://localhost/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    [InlineData(null, "unix:/run/otel.sock", null, OtlpProtocol.HttpProtobuf, "http://localhost/v1/traces")]
    [InlineData("https://c:9/ignored", null, "GRPC", OtlpProtocol.Grpc, "https://c:9/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public void Endpoints_follow_the_specification(string? all, string? traces, string? protocol, OtlpProtocol expectedProtocol, string expectedUrl)
    {
        var options = Read(("OTEL_EXPORTER_OTLP_ENDPOINT", all), ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", traces), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol));
        var connection = OtlpConnection.Of(options, options.Traces, OtlpSignal.Traces);
        Assert.Equal((expectedProtocol, expectedUrl), (connection.Protocol, connection.Url.AbsoluteUri));
    }

    [Fact]
    public void A_signal_wins_over_all_signals()
    {
        var options = Read(
            ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x,tenant=1"),
            ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", " tenant = 2 , empty="),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "1500"),
            ("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2500"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
            ("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "none"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "15000"),
            ("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "LowMemory"),
            ("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram"));
        var traces = OtlpConnection.Of(options, options.Traces, OtlpSignal.Traces);
        var metrics = OtlpConnection.Of(options, options.Metrics, OtlpSignal.Metrics);
        Assert.Equal(("Bearer x", "1"), (traces.Headers["Authorization"], traces.Headers["tenant"]));
        Assert.Equal(("Bearer x", "2", ""), (metrics.Headers["authorization"], metrics.Headers["tenant"], metrics.Headers["empty"]));
        Assert.Equal((1.5, 2.5), (traces.Timeout.TotalSeconds, metrics.Timeout.TotalSeconds));
        Assert.Equal((OtlpCompression.Gzip, OtlpCompression.None), (traces.Compression, metrics.Compression));
        Assert.Equal((15, OtlpTemporality.LowMemory, true), ((int)options.Metrics.Interval.TotalSeconds, options.Metrics.Temporality, options.Metrics.ExponentialHistograms));
    }

    [Fact]
    public void Batches_and_the_observer_are_described_too()
    {
        var options = Read(
            ("OTEL_BSP_SCHEDULE_DELAY", "1500"),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "900"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "300"),
            ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test%20one,service.name=x"),
            ("OTEL_SERVICE_NAME", "my observer"));
        Assert.Equal((1.5, 900, 300), (options.Traces.BatchTimeout.TotalSeconds, options.Traces.QueueSize, options.Traces.MaxBatchSize));
        Assert.Equal(new Dictionary<string, string> { ["deployment.environment.name"] = "test one", ["service.name"] = "my observer" }, options.ResourceAttributes);
    }

    [Fact]
    public void The_code_of_a_host_wins_over_its_environment()
    {
        var environment = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://c:4318", ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1500" };
        var options = OtlpHostOptions.Build(environment, options => options.Endpoint = new Uri("http://code:4318"));
        Assert.Equal((new Uri("http://code:4318"), TimeSpan.FromSeconds(1.5)), (options.Endpoint, options.Timeout));
        environment["OTEL_EXPORTER_OTLP_COMPRESSION"] = "zstd";
        var failure = Assert.Throws<ArgumentException>(() => OtlpHostOptions.Build(environment, options => options.Traces.MaxBatchSize = 0));
        Assert.All(["OTEL_EXPORTER_OTLP_COMPRESSION is 'zstd'", "Traces.MaxBatchSize is 0"], part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void What_HTTP_cannot_carry_and_what_logs_must_not_show_is_named_without_its_secret()
    {
        var options = new OtlpExporterOptions
        {
            Endpoint = new Uri("http://me:secret1@c:4318"),
            Headers = { ["not a name"] = "x", ["authorization"] = "secret2\n" },
            Metrics = { Endpoint = new Uri("unix:") },
            MaxRequestBytes = 1,
        };
        var failure = Assert.Throws<ArgumentException>(() => new OtlpTraceSink(options));
        Assert.All(
            ["Endpoint has a user or a password", "the name 'not a name'", "Headers['authorization'] has characters", "give the path of the socket", "MaxRequestBytes is 1"],
            part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_wrong_value_is_named_and_no_secret_is()
    {
        var errors = new List<string>();
        OtlpEnvironment.Apply(
            new OtlpExporterOptions(),
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317",
                ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/json",
                ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "10s",
                ["OTEL_EXPORTER_OTLP_COMPRESSION"] = "zstd",
                ["OTEL_EXPORTER_OTLP_HEADERS"] = "secret-without-name",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "0",
                ["OTEL_BSP_MAX_QUEUE_SIZE"] = "many",
                ["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"] = "sometimes",
                ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = " ",
            },
            errors);
        Assert.Equal(8, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is 'http/json': give one of grpc, http/protobuf", StringComparison.Ordinal));
        Assert.DoesNotContain(errors, error => error.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_options_are_all_named()
    {
        var options = new OtlpExporterOptions
        {
            Endpoint = new Uri("ftp://x"),
            ClientKeyFile = "/none",
            RetryMaxInterval = TimeSpan.Zero,
            Traces = { MaxBatchSize = 100, QueueSize = 10, Timeout = TimeSpan.Zero },
            Metrics = { Interval = TimeSpan.Zero },
        };
        var failure = Assert.Throws<ArgumentException>(() => new OtlpTraceSink(options));
        Assert.All(
            ["Endpoint is 'ftp://x/'", "ClientKeyFile is '/none' without", "'/none': there is no such file", "RetryMaxInterval", "Traces.QueueSize is 10", "Traces.Timeout", "Metrics.Interval"],
            part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
    }

    private static OtlpExporterOptions Read(params (string Name, string? Value)[] variables)
    {
        var options = new OtlpExporterOptions();
        var errors = new List<string>();
        OtlpEnvironment.Apply(options, variables.Where(variable => variable.Value is not null).ToDictionary(variable => variable.Name, variable => variable.Value!), errors);
        Assert.Empty(errors);
        return options;
    }
}
