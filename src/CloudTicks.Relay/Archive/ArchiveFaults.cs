using CloudTicks.EventStream.Records;

namespace CloudTicks.Relay.Archive;

internal enum ArchiveFaultKind
{
    /// <summary>The record is damaged, or is not a TickBatch of a known version.</summary>
    Record,

    /// <summary>The tick has values that no feed can send.</summary>
    Tick,
}

/// <summary>Counts records and ticks that cannot be sent to clients, and logs the first fault of each kind.</summary>
internal sealed class ArchiveFaults(ArchiveMetrics metrics, ILogger<ArchiveFaults> logger)
{
    private int _logged;

    public void Report(ArchiveFaultKind kind, RecordOrigin origin, string reason)
    {
        metrics.Refused(kind);
        var bit = 1 << (int)kind;
        if ((Interlocked.Or(ref _logged, bit) & bit) != 0)
        {
            return;
        }

        if (kind == ArchiveFaultKind.Record)
        {
            logger.RecordUnreadable(origin.Partition, origin.Offset, reason);
        }
        else
        {
            logger.TickRefused(origin.Partition, origin.Offset, reason);
        }
    }
}
