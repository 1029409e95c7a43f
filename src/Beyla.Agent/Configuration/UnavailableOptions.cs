using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Beyla.Agent.Configuration;

/// <summary>Options of Beyla 3.33 that this agent does not have. Who brings them along is told so, instead of being asked about a spelling.</summary>
internal static class UnavailableOptions
{
    // Names after the prefix BEYLA_ or OTEL_EBPF_.
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "AUTO_TARGET_LANGUAGE",
        "BPF_BATCH_LENGTH",
        "BPF_BATCH_TIMEOUT",
        "BPF_CONTEXT_PROPAGATION",
        "BPF_DEBUG",
        "BPF_DISABLE_BLACK_BOX_CP",
        "BPF_DNS_REQUEST_TIMEOUT",
        "BPF_FS_PATH",
        "BPF_GO_HTTP_CLIENT_BUFFER_TIMEOUT",
        "BPF_HIGH_REQUEST_VOLUME",
        "BPF_HTTP_REQUEST_TIMEOUT",
        "BPF_MAX_TRANSACTION_TIME",
        "BPF_METRIC_SCRAPE_INTERVAL",
        "BPF_MONGO_REQUESTS_CACHE_SIZE",
        "BPF_MSSQL_PREPARED_STATEMENTS_CACHE_SIZE",
        "BPF_MYSQL_PREPARED_STATEMENTS_CACHE_SIZE",
        "BPF_PID_FILTER_OFF",
        "BPF_POSTGRES_PREPARED_STATEMENTS_CACHE_SIZE",
        "BPF_TC_BACKEND",
        "BPF_TRACK_REQUEST_HEADERS",
        "BPF_WAKEUP_LEN",
        "CHANNEL_BUFFER_LEN",
        "CHANNEL_SEND_TIMEOUT",
        "CHANNEL_SEND_TIMEOUT_PANIC",
        "CONFIG_PATH",
        "COUCHBASE_DB_CACHE_SIZE",
        "DEFAULT_OTLP_GRPC_PORT",
        "DISCOVERY_POLL_INTERVAL",
        "ENFORCE_SYS_CAPS",
        "EXCLUDE_OTEL_INSTRUMENTED_SERVICES",
        "EXCLUDE_OTEL_INSTRUMENTED_SERVICES_SPAN_METRICS",
        "EXTERNAL_WEBHOOK_DEPLOYMENT_NAME",
        "EXTRA_SPAN_RESOURCE_ATTRIBUTES",
        "FORCE_BPF_MAP_READER",
        "HEALTH_CHECK_LISTEN_ADDRESS",
        "HEALTH_CHECK_PORT",
        "HEALTH_CHECK_UNIX_SOCKET_PATH",
        "HEURISTIC_SQL_DETECT",
        "HOSTNAME",
        "HOSTNAME_DNS_RESOLUTION",
        "HOST_ID",
        "INSTRUMENT_CUDA",
        "JAVA_ROUTE_HARVEST_DELAY",
        "LOG_CONFIG",
        "LOG_FORMAT",
        "METRICS_FEATURES",
        "METRICS_INTERVAL",
        "METRICS_REPORT_CACHE_LEN",
        "METRICS_TTL",
        "METRIC_SPAN_NAMES_LIMIT",
        "MIN_PROCESS_AGE",
        "OVERRIDE_BPF_LOOP_ENABLED",
        "PROCESSES_INTERVAL",
        "PROCESS_CONTEXT_POLL_INTERVAL",
        "PROFILE_PORT",
        "PROMETHEUS_ALLOW_SERVICE_GRAPH_SELF_REFERENCES",
        "PROMETHEUS_DISABLE_BUILD_INFO",
        "PROMETHEUS_EXEMPLAR_FILTER",
        "PROMETHEUS_EXTRA_RESOURCE_ATTRIBUTES",
        "PROMETHEUS_EXTRA_SPAN_RESOURCE_ATTRIBUTES",
        "PROMETHEUS_FEATURES",
        "PROMETHEUS_INSTRUMENTATIONS",
        "PROMETHEUS_SERVICE_CACHE_SIZE",
        "PROTOCOL_DEBUG_PRINT",
        "ROUTE_HARVESTER_TIMEOUT",
        "SERVICE_NAME_TEMPLATE",
        "SKIP_GO_SPECIFIC_TRACERS",
        "STATS_WAKEUP_DATA_BYTES",
        "TOPOLOGY_SPANS");

    // Families of which no option exists here, so that a misspelt option can't be taken for one of them.
    private static readonly ImmutableArray<string> Families =
    [
        "BACKOFF_", "BPF_BUFFER_SIZE_", "BPF_LOG_ENRICHER_", "BPF_REDIS_DB_CACHE_", "GEOIP_", "GRAFANA_AI_", "HTTP_", "INTERNAL_METRICS_",
        "JAVAAGENT_", "KUBE_", "METADATA_RETRY_", "METRICS_EXPONENTIAL_HISTOGRAM_", "NAME_RESOLVER_", "NETWORK_", "NODEJS_", "OTEL_", "OTLP_",
        "PROMETHEUS_NATIVE_HISTOGRAM_", "RENAME_UNRESOLVED_HOSTS", "REVERSE_DNS_", "SENSITIVE_QUERY_PARAMS_", "STATS_",
    ];

    // Names of other standards by which Beyla is told to export; without a prefix of its own.
    private static readonly FrozenSet<string> Foreign = FrozenSet.Create(
        StringComparer.Ordinal,
        "GRAFANA_CLOUD_API_KEY",
        "GRAFANA_CLOUD_INSTANCE_ID",
        "GRAFANA_CLOUD_SUBMIT",
        "GRAFANA_CLOUD_ZONE",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_TRACES_SAMPLER");

    /// <param name="name">Name of a variable.</param>
    /// <param name="prefix">Its prefix if it has one of the agent's.</param>
    internal static bool Contains(string name, string? prefix)
    {
        if (prefix is null)
        {
            return Foreign.Contains(name);
        }

        var rest = name[prefix.Length..];
        return Names.Contains(rest) || Families.Any(family => rest.StartsWith(family, StringComparison.Ordinal));
    }
}
