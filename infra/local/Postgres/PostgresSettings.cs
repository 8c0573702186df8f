namespace CloudTicks.LocalServices.Postgres;

/// <summary>The server's settings. They are passed on the command line, so that the data folder contains no outdated ones.</summary>
internal static class PostgresSettings
{
    public static IEnumerable<string> Arguments(PostgresServerOptions options, int port) =>
        All(options, port).SelectMany(setting => (string[])["-c", $"{setting.Name}={setting.Value}"]);

    private static IEnumerable<(string Name, string Value)> All(PostgresServerOptions options, int port) =>
    [
        ("listen_addresses", "127.0.0.1"),
        ("port", $"{port}"),
        ("unix_socket_directories", ""), // a socket's path has at most 107 characters; a data folder's may be longer
        ("max_connections", "50"),
        ("shared_preload_libraries", "timescaledb"),
        ("timescaledb.telemetry_level", "off"),
        ("timescaledb.max_background_workers", "0"), // these workers run policies, which the Apache edition does not have
        ("max_locks_per_transaction", "256"), // a query over days of one-hour chunks locks each of them
        ("jit", "off"), // the JIT compiler is not part of the installation

        // With these settings, acknowledged data is on disk.
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("track_commit_timestamp", "on"), // the time at which a tick became visible, for the latency to the row

        // Optimized for continuous COPY: few checkpoints, spread out, and a compressed log.
        ("shared_buffers", $"{options.SharedBuffersMegabytes}MB"),
        ("wal_buffers", "16MB"),
        ("wal_compression", "lz4"),
        ("max_wal_size", $"{options.MaxWalMegabytes}MB"),
        ("checkpoint_timeout", "15min"),
        ("checkpoint_completion_target", "0.9"),

        ("password_encryption", "scram-sha-256"),
        ("timezone", "GMT"), // the only time zone that needs no files of the host
        ("log_timezone", "GMT"),
        ("lc_messages", "C"), // the log is searched for English text to detect readiness
        ("log_destination", "stderr"),
        ("logging_collector", "off"),
        ("log_line_prefix", "%m [%p] "),
    ];
}
