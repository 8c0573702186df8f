using System.Diagnostics.Metrics;
using CloudTicks.Ticks.Measures;
using CloudTicks.Timescale.Compression;
using CloudTicks.Timescale.Retention;

namespace CloudTicks.Timescale;

/// <summary>Metrics of the tick store, retention and compression.</summary>
public sealed class TimescaleMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "CloudTicks.Timescale";

    private readonly TimeProvider _time;
    private readonly LatencyWindow _latency = new();
    private readonly Counter<long> _stored;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _merged;
    private readonly Counter<long> _chunksDropped;
    private readonly Counter<long> _chunksDroppedEarly;
    private readonly Counter<long> _retentionRuns;
    private readonly Counter<long> _compressions;
    private readonly Counter<long> _gaps;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _partitions;
    private long _storedTotal;

    /// <summary>Creates the instruments.</summary>
    public TimescaleMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(MeterName);
        _stored = meter.CreateCounter<long>("cloudticks.timescale.stored", "{tick}", "New rows of committed transactions");
        _dropped = meter.CreateCounter<long>("cloudticks.timescale.dropped", "{tick}", "Ticks without a new row, by reason");
        _skipped = meter.CreateCounter<long>(
            "cloudticks.timescale.skipped", "{record}", "Records that were delivered again after they were stored");
        _refused = meter.CreateCounter<long>("cloudticks.timescale.refused", "{record}", "Refused records, stored as dead letters");
        _merged = meter.CreateCounter<long>(
            "cloudticks.timescale.merged", "{transaction}", "Transactions that used the slower staging table");
        _chunksDropped = meter.CreateCounter<long>(
            "cloudticks.timescale.dropped.chunks", "{chunk}", "Dropped chunks that were older than the retention window");
        _chunksDroppedEarly = meter.CreateCounter<long>(
            "cloudticks.timescale.dropped.early", "{chunk}",
            "Chunks within the retention window, dropped because the disk was nearly full");
        _retentionRuns = meter.CreateCounter<long>(
            "cloudticks.timescale.retention.runs", "{run}",
            "Retention runs, by result: verified, left (old chunks remain) or lost (chunks are missing)");
        _compressions = meter.CreateCounter<long>(
            "cloudticks.timescale.compressions", "{chunk}",
            "Chunks due for compression, by outcome: compressed, joined (compressed again), held (locked) or refused (one per failed run)");
        _gaps = meter.CreateCounter<long>("cloudticks.timescale.gaps", "{state}", "States of gaps that were written to feed_gaps");
        _duration =
            meter.CreateHistogram<double>(
                "cloudticks.timescale.transaction.duration", "s", "Duration of a transaction, including its commit");
        _partitions = meter.CreateHistogram<int>(
            "cloudticks.timescale.transaction.partitions", "{partition}", "Partitions that shared a transaction");
    }

    /// <summary>Rows inserted by committed transactions since the start of the process.</summary>
    public long StoredTicks => Volatile.Read(ref _storedTotal);

    /// <summary>
    /// Reads the latency of the last seconds: from the receipt of a record's first tick to the commit of the record's rows. Null when no
    /// live row was committed in that time.
    /// </summary>
    public HopLatency? ReadLatency()
    {
        lock (_latency)
        {
            return HopLatency.Of(_latency, _time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    internal long Now => _time.GetTimestamp();

    internal void Stored(long rows, long repeatedInStream, long repeatedInTable, long expired, int gaps)
    {
        _stored.Add(rows);
        _gaps.Add(gaps);
        Interlocked.Add(ref _storedTotal, rows);
        Dropped(repeatedInStream, "repeated_in_stream");
        Dropped(repeatedInTable, "repeated_in_table");
        Dropped(expired, "outside_retention");
    }

    /// <summary>Adds a latency to the window. Partitions are stored concurrently, so the window needs a lock.</summary>
    internal void MeasureRow(long latencyMs, long nowMs, int ticks)
    {
        lock (_latency)
        {
            _latency.Add(latencyMs, nowMs, ticks);
        }
    }

    internal void Skipped(int records)
    {
        if (records > 0)
        {
            _skipped.Add(records);
        }
    }

    internal void Refused(int records, long ticks)
    {
        _refused.Add(records);
        Dropped(ticks, "refused");
    }

    internal void Merged() => _merged.Add(1);

    internal void DroppedEarly() => _chunksDroppedEarly.Add(1);

    internal void RetentionRan(TableRetentionResult result)
    {
        _chunksDropped.Add(result.Dropped.Count);
        var found = result switch { { Lost.Count: > 0 } => "lost", { Remaining.Count: > 0 } => "left", _ => "verified" };
        _retentionRuns.Add(1, new KeyValuePair<string, object?>("found", found));
    }

    internal void Compressed(CompressionResult result)
    {
        Count(result.Compressed.Count, "compressed");
        Count(result.Joined.Count, "joined");
        Count(result.Held.Count, "held");
        Count(result.Problem is null ? 0 : 1, "refused");

        void Count(int chunks, string outcome) => _compressions.Add(chunks, new KeyValuePair<string, object?>("outcome", outcome));
    }

    internal void Committed(long started, int partitions)
    {
        _duration.Record(_time.GetElapsedTime(started).TotalSeconds);
        _partitions.Record(partitions);
    }

    private void Dropped(long ticks, string reason)
    {
        if (ticks > 0)
        {
            _dropped.Add(ticks, new KeyValuePair<string, object?>("reason", reason));
        }
    }
}
