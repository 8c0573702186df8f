using System.Collections.Concurrent;
using CloudTicks.Collection.Records;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Measures;

namespace CloudTicks.Collection.Counters;

/// <summary>Counts since the start. Only the decoding loop counts ticks, without a lock; the delivery counts records.</summary>
internal sealed class CollectorCounters
{
    private readonly long[] _rejected = new long[Enum.GetValues<TickRejection>().Length];
    private long _received;
    private long _rejectedDistinct;
    private long _unselected;
    private long _crossed;
    private long _late;
    private long _future;
    private long _archived;
    private long _archivedRecords;
    private long _batched;
    private long _inFlight;
    private long _firstTickMs;
    private long _archiveRebuilds;

    /// <summary>Ticks received, the rejected ones included.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Ticks that were rejected, those that came again not counted again.</summary>
    public long RejectedDistinct => Volatile.Read(ref _rejectedDistinct);

    /// <summary>Ticks of channels that are not selected, left out.</summary>
    public long Unselected => Volatile.Read(ref _unselected);

    /// <summary>Kept though the ask is below the bid.</summary>
    public long Crossed => Volatile.Read(ref _crossed);

    /// <summary>Kept though older than the age limit.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Kept though ahead of the clock.</summary>
    public long Future => Volatile.Read(ref _future);

    public long Archived => Volatile.Read(ref _archived);

    public long ArchivedRecords => Volatile.Read(ref _archivedRecords);

    /// <summary>Records that were packed, of ticks and of gaps.</summary>
    public long Batched => Volatile.Read(ref _batched);

    public long InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How often the event hub came back without the archive.</summary>
    public long ArchiveRebuilds => Volatile.Read(ref _archiveRebuilds);

    /// <summary>When the first tick was received, Unix ms; null before it.</summary>
    public long? FirstTickMs => Volatile.Read(ref _firstTickMs) is var first and not 0 ? first : null;

    public SpoolCounters Spool { get; } = new();

    public ConcurrentDictionary<Symbol, SymbolActivity> Symbols { get; } = new();

    /// <summary>Events that are not collected, by their type.</summary>
    public EventTypeCounts OtherEvents { get; } = new();

    /// <summary>How late the ticks of the last seconds came.</summary>
    public LatencyWindow FeedLatency { get; } = new();

    /// <summary>From receipt to the event hub's acknowledgement, by each record's first tick, over the last seconds.</summary>
    public LatencyWindow ArchiveLatency { get; } = new();

    public long Rejected(TickRejection reason) => Volatile.Read(ref _rejected[(int)reason]);

    public long RejectedTotal => _rejected.Sum();

    public void ArchiveRebuilt() => Interlocked.Increment(ref _archiveRebuilds);

    public void TickAccepted(TickFlags flags, long timestampMs, long receivedMs)
    {
        FeedLatency.Add(receivedMs - timestampMs, receivedMs);
        if (_firstTickMs == 0)
        {
            Volatile.Write(ref _firstTickMs, receivedMs);
        }

        if (flags != TickFlags.None)
        {
            Volatile.Write(ref _crossed, _crossed + ((flags & TickFlags.Crossed) != 0 ? 1 : 0));
            Volatile.Write(ref _late, _late + ((flags & TickFlags.Late) != 0 ? 1 : 0));
            Volatile.Write(ref _future, _future + ((flags & TickFlags.Future) != 0 ? 1 : 0));
        }

        // Last: whoever sees it received sees what it was.
        Volatile.Write(ref _received, _received + 1);
    }

    public bool ElementRejected(TickRejection reason, bool isNew)
    {
        Volatile.Write(ref _rejectedDistinct, _rejectedDistinct + (isNew ? 1 : 0));
        Volatile.Write(ref _rejected[(int)reason], _rejected[(int)reason] + 1);
        Volatile.Write(ref _received, _received + 1);
        return _rejected[(int)reason] == 1;
    }

    public bool TickLeftOut()
    {
        Volatile.Write(ref _unselected, _unselected + 1);
        return _unselected == 1;
    }

    public void RecordBatched() => Interlocked.Increment(ref _batched);

    public void RecordSent() => Interlocked.Increment(ref _inFlight);

    /// <summary>The record is on disk and no longer in memory.</summary>
    public void RecordPutAway() => Interlocked.Decrement(ref _inFlight);

    /// <param name="isEarlier">An earlier run has received them, so that they are not this one's.</param>
    public void RecordAcknowledged(OutgoingRecord record, bool isEarlier, long nowMs)
    {
        Interlocked.Decrement(ref _inFlight);
        if (isEarlier)
        {
            Spool.Earlier(record.Ticks);
        }
        else if (record.Content != RecordContent.DeadLetter)
        {
            Interlocked.Increment(ref _archivedRecords);
            Interlocked.Add(ref _archived, record.Ticks);
            if (TickBatchTimes.TryReadLive(record.Value, out var receivedMs, out var ticks))
            {
                ArchiveLatency.Add(nowMs - receivedMs, nowMs, ticks);
            }
        }
    }
}
