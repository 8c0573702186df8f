namespace CloudTicks.CentralHub.Figures;

/// <summary>The names of reported figures.</summary>
public static class ServiceFigure
{
    /// <summary>Ticks received; a counter.</summary>
    public const string ReceivedTicks = "received_ticks";

    /// <summary>Ticks refused as malformed; a counter.</summary>
    public const string RefusedTicks = "refused_ticks";

    /// <summary>Subscriptions not acknowledged in time; a gauge.</summary>
    public const string MissingAcks = "missing_acks";

    /// <summary>Records of the archive that the functions have not stored yet; a gauge.</summary>
    public const string LagRecords = "lag_records";

    /// <summary>Size of a collector's spool in bytes; a gauge.</summary>
    public const string SpoolBytes = "spool_bytes";

    /// <summary>Maximum size of the spool in bytes: the configured limit, or less when the disk has less free space; a gauge.</summary>
    public const string SpoolLimitBytes = "spool_limit_bytes";

    /// <summary>Time from a tick's timestamp to its receipt in ms, the 99th percentile over the last few seconds; a gauge.</summary>
    public const string FeedLatencyMs = "feed_latency_ms";
}
