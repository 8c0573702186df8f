using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Timescale.Storing;

/// <summary>Counts stored, repeated, expired and refused ticks, and logs the first expired ticks.</summary>
internal sealed class StoreTelemetry(TimescaleMetrics metrics, ILogger logger)
{
    private int _expiredLogged;

    public void Stored(StreamPartition partition, long rows, long repeatedInStream, long repeatedInTable, long expired, int gaps)
    {
        metrics.Stored(rows, repeatedInStream, repeatedInTable, expired, gaps);
        if (expired > 0 && Interlocked.Exchange(ref _expiredLogged, 1) == 0)
        {
            logger.FirstExpired(partition, expired);
        }
    }

    /// <summary>Measures the time from the receipt of live records to the commit of their rows.</summary>
    public void Measure(IEnumerable<ArchivedRecord> records, TimeProvider time)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var record in records)
        {
            if (TickBatchTimes.TryReadLive(record.Value.Span, out var receivedMs, out var ticks))
            {
                metrics.MeasureRow(nowMs - receivedMs, nowMs, ticks);
            }
        }
    }

    public void Skipped(int records) => metrics.Skipped(records);

    public void Refused(StreamPartition partition, IReadOnlyList<RefusedRecord> records)
    {
        metrics.Refused(records.Count, records.Sum(record => (long)record.Ticks));
        logger.RecordsRefused(partition, records.Count, records[0].Offset, records[0].Reason);
    }

    public void DatabaseRestored(StreamPartition partition, long stored, long found) => logger.DatabaseRestored(partition, stored, found);
}
