namespace CloudTicks.CentralHub.Figures;

/// <summary>The names of figures that services tell of.</summary>
public static class ServiceFigure
{
    /// <summary>Ticks received; a counter.</summary>
    public const string ReceivedTicks = "received_ticks";

    /// <summary>Ticks refused as malformed; a counter.</summary>
    public const string RefusedTicks = "refused_ticks";

    /// <summary>Subscriptions that were asked for and not acknowledged in time, now.</summary>
    public const string MissingAcks = "missing_acks";

    /// <summary>Records of the archive that the functions have not stored yet, now.</summary>
    public const string LagRecords = "lag_records";

    /// <summary>Bytes of ticks that wait on a collector's disk for the event hub, now.</summary>
    public const string SpoolBytes = "spool_bytes";

    /// <summary>Bytes that may wait there: the bound, or less when the disk has less, now.</summary>
    public const string SpoolLimitBytes = "spool_limit_bytes";

    /// <summary>The time from a tick's own timestamp to its receipt, ms: the 99th percentile of the last seconds.</summary>
    public const string FeedLatencyMs = "feed_latency_ms";
}
