using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Beyla.Agent.Configuration;

/// <summary>Options of Beyla 3.33 that this agent does not have. Who brings them along is told so, instead of being asked about a spelling.</summary>
internal static class UnavailableOptions
{
    // Names after the prefix BEYLA_, OTEL_EBPF_ or BEYLA_OTEL_.
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "ALLOW_SERVICE_GRAPH_SELF_REFERENCES",
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
        "COUCHBASE_DB_CACHE_SIZE",
        "DEFAULT_OTLP_GRPC_PORT",
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
        "INSTRUMENT_CUDA",
        "INTERNAL_METRICS_AVOIDED_SERVICES_DISABLED",
        "INTERNAL_METRICS_AVOIDED_SERVICES_LIMIT",
        "JAVA_ROUTE_HARVEST_DELAY",
        "METRICS_INSTRUMENTATIONS",
        "METRICS_REPORT_CACHE_LEN",
        "METRIC_SPAN_NAMES_LIMIT",
        "MIN_PROCESS_AGE",
        "OVERRIDE_BPF_LOOP_ENABLED",
        "PROCESSES_INTERVAL",
        "PROCESS_CONTEXT_POLL_INTERVAL",
        "PROFILE_PORT",
        "PROMETHEUS_ALLOW_SERVICE_GRAPH_SELF_REFERENCES",
        "PROMETHEUS_EXTRA_SPAN_RESOURCE_ATTRIBUTES",
        "PROMETHEUS_INSTRUMENTATIONS",
        "PROMETHEUS_SERVICE_CACHE_SIZE",
        "PROTOCOL_DEBUG_PRINT",
        "ROUTE_HARVESTER_TIMEOUT",
        "SDK_LOG_LEVEL",
        "SERVICE_NAME_TEMPLATE",
        "SKIP_GO_SPECIFIC_TRACERS",
        "STATS_WAKEUP_DATA_BYTES",
        "TOPOLOGY_SPANS",
        "TRACES_INSTRUMENTATIONS");

    // Families of which no option exists here, so that a misspelt option can't be taken for one of them.
    private static readonly ImmutableArray<string> Families =
    [
        "BPF_BUFFER_SIZE_", "BPF_LOG_ENRICHER_", "BPF_REDIS_DB_CACHE_", "GEOIP_", "GRAFANA_AI_", "HTTP_", "JAVAAGENT_", "KUBE_",
        "METADATA_RETRY_", "NAME_RESOLVER_", "NETWORK_", "NODEJS_", "PROMETHEUS_NATIVE_HISTOGRAM_", "RENAME_UNRESOLVED_HOSTS",
        "REVERSE_DNS_", "STATS_",
    ];

    // Names without a prefix of Beyla's.
    private static readonly FrozenSet<string> Foreign = FrozenSet.Create(
        StringComparer.Ordinal,
        "OBI_JVM_RUNTIME_METRICS_SAMPLING_INTERVAL",
        "OTEL_KAFKA_TOPIC_UUID_CACHE_SIZE");

    /// <summary>Keys of the configuration file, of options or of whole sections. Those of selectors are with the selectors.</summary>
    internal static ImmutableArray<string> Keys { get; } =
    [
        "attributes.extra_group_attributes",
        "attributes.kubernetes",
        "attributes.metadata_retry",
        "attributes.metric_span_names_limit",
        "attributes.rename_unresolved_hosts",
        "attributes.rename_unresolved_hosts_incoming",
        "attributes.rename_unresolved_hosts_outgoing",
        "channel_buffer_len",
        "channel_send_timeout",
        "channel_send_timeout_panic",
        "discovery.bpf_pid_filter_off",
        "discovery.default_otlp_grpc_port",
        "discovery.disabled_route_harvesters",
        "discovery.exclude_otel_instrumented_services",
        "discovery.exclude_otel_instrumented_services_span_metrics",
        "discovery.excluded_linux_system_paths",
        "discovery.min_process_age",
        "discovery.process_context_poll_interval",
        "discovery.route_harvester_advanced",
        "discovery.route_harvester_timeout",
        "discovery.skip_go_specific_tracers",
        "discovery.survey",
        "ebpf.batch_length",
        "ebpf.batch_timeout",
        "ebpf.bpf_debug",
        "ebpf.bpf_fs_path",
        "ebpf.buffer_sizes",
        "ebpf.context_propagation",
        "ebpf.couchbase_db_cache_size",
        "ebpf.disable_black_box_cp",
        "ebpf.dns_request_timeout",
        "ebpf.force_bpf_map_reader",
        "ebpf.go_http_client_buffer_timeout",
        "ebpf.heuristic_sql_detect",
        "ebpf.high_request_volume",
        "ebpf.http_request_timeout",
        "ebpf.instrument_cuda",
        "ebpf.kafka_topic_uuid_cache_size",
        "ebpf.log_enricher",
        "ebpf.maps_config",
        "ebpf.max_transaction_time",
        "ebpf.mongo_requests_cache_size",
        "ebpf.mssql_prepared_statements_cache_size",
        "ebpf.mysql_prepared_statements_cache_size",
        "ebpf.override_bpfloop_enabled",
        "ebpf.payload_extraction",
        "ebpf.postgres_prepared_statements_cache_size",
        "ebpf.protocol_debug_print",
        "ebpf.redis_db_cache",
        "ebpf.stats_wakeup_data_bytes",
        "ebpf.track_request_headers",
        "ebpf.traffic_control_backend",
        "ebpf.wakeup_len",
        "enforce_sys_caps",
        "filter.network",
        "filter.stats",
        "health_check",
        "injector",
        "internal_metrics.avoided_services",
        "javaagent",
        "jvm_runtime_metrics",
        "name_resolver",
        "network",
        "nodejs",
        "otel_metrics_export.allow_service_graph_self_references",
        "otel_metrics_export.buckets.gen_ai_client_operation_duration_histogram",
        "otel_metrics_export.buckets.gen_ai_client_token_usage_histogram",
        "otel_metrics_export.buckets.stat_tcp_rtt_histogram",
        "otel_metrics_export.extra_span_resource_attributes",
        "otel_metrics_export.instrumentations",
        "otel_metrics_export.otel_sdk_log_level",
        "otel_metrics_export.reporters_cache_len",
        "otel_traces_export.instrumentations",
        "otel_traces_export.otel_sdk_log_level",
        "otel_traces_export.reporters_cache_len",
        "processes",
        "profile_port",
        "prometheus_export.allow_service_graph_self_references",
        "prometheus_export.buckets.gen_ai_client_operation_duration_histogram",
        "prometheus_export.buckets.gen_ai_client_token_usage_histogram",
        "prometheus_export.buckets.stat_tcp_rtt_histogram",
        "prometheus_export.extra_span_resource_attributes",
        "prometheus_export.instrumentations",
        "prometheus_export.native_histogram",
        "prometheus_export.service_cache_size",
        "sigil_export",
        "stats",
        "topology",
    ];

    /// <param name="name">Name of a variable.</param>
    /// <param name="prefix">Its prefix if it has one of the agent's.</param>
    internal static bool Contains(string name, string? prefix)
    {
        if (prefix is null)
        {
            return Foreign.Contains(name);
        }

        var rest = name[prefix.Length..];
        rest = rest.StartsWith("OTEL_", StringComparison.Ordinal) ? rest["OTEL_".Length..] : rest;
        return Names.Contains(rest) || Families.Any(family => rest.StartsWith(family, StringComparison.Ordinal));
    }
}
