using System.Collections.Concurrent;
using CloudTicks.Collection.Records;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Measures;

namespace CloudTicks.Collection.Counters;

/// <summary>
/// The collector's counts since the start. Only the decoding loop counts received ticks, so these counts need no lock; the delivery counts
/// records and archived ticks.
/// </summary>
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

    /// <summary>The number of received ticks, including rejected ones, but without those that <see cref="Unselected"/> counts.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>The number of distinct rejected ticks: a tick that is received and rejected several times counts once.</summary>
    public long RejectedDistinct => Volatile.Read(ref _rejectedDistinct);

    /// <summary>The number of ticks dropped because their channels are not selected.</summary>
    public long Unselected => Volatile.Read(ref _unselected);

    /// <summary>The number of ticks kept although the ask is below the bid.</summary>
    public long Crossed => Volatile.Read(ref _crossed);

    /// <summary>The number of ticks kept although they are older than the age limit.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>The number of ticks kept although they are ahead of the clock.</summary>
    public long Future => Volatile.Read(ref _future);

    public long Archived => Volatile.Read(ref _archived);

    public long ArchivedRecords => Volatile.Read(ref _archivedRecords);

    /// <summary>The number of packed records, including records of gaps.</summary>
    public long Batched => Volatile.Read(ref _batched);

    public long InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The number of times the archive was created again because the event hub had lost it.</summary>
    public long ArchiveRebuilds => Volatile.Read(ref _archiveRebuilds);

    /// <summary>The time at which the first accepted tick was received, Unix ms, UTC; null before that.</summary>
    public long? FirstTickMs => Volatile.Read(ref _firstTickMs) is var first and not 0 ? first : null;

    public SpoolCounters Spool { get; } = new();

    public ConcurrentDictionary<Symbol, SymbolActivity> Symbols { get; } = new();

    /// <summary>The counts of events that are not collected, by type.</summary>
    public EventTypeCounts OtherEvents { get; } = new();

    /// <summary>The latency between a tick's feed timestamp and its receipt, over the last seconds.</summary>
    public LatencyWindow FeedLatency { get; } = new();

    /// <summary>
    /// The latency between the receipt of a record's first tick and the event hub's acknowledgement, over the last seconds.
    /// </summary>
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

        // Written last: a reader that sees the tick as received must see its flags counted.
        Volatile.Write(ref _received, _received + 1);
    }

    public bool ElementRejected(TickRejection reason, bool isNew)
    {
        Volatile.Write(ref _rejectedDistinct, _rejectedDistinct + (isNew ? 1 : 0));
        Volatile.Write(ref _rejected[(int)reason], _rejected[(int)reason] + 1);
        Volatile.Write(ref _received, _received + 1);
        return _rejected[(int)reason] == 1;
    }

    public bool TickUnselected()
    {
        Volatile.Write(ref _unselected, _unselected + 1);
        return _unselected == 1;
    }

    public void RecordBatched() => Interlocked.Increment(ref _batched);

    public void RecordSent() => Interlocked.Increment(ref _inFlight);

    /// <summary>Removes a record from those in flight: it is on disk and no longer in memory.</summary>
    public void RecordSpooled() => Interlocked.Decrement(ref _inFlight);

    /// <param name="isEarlier">Whether an earlier run received the record's ticks. Such ticks are counted separately.</param>
    public void RecordAcknowledged(OutgoingRecord record, bool isEarlier, long nowMs)
    {
        Interlocked.Decrement(ref _inFlight);
        if (isEarlier)
        {
            Spool.EarlierRunDrained(record.Ticks);
        }
        else if (record.Content != RecordContent.DeadLetter)
        {
            if (TickBatchTimes.TryReadLive(record.Value, out var receivedMs, out var ticks))
            {
                ArchiveLatency.Add(nowMs - receivedMs, nowMs, ticks);
            }

            // Count the ticks last, so that a reader that sees them as archived also sees their record and its latency counted.
            Interlocked.Increment(ref _archivedRecords);
            Interlocked.Add(ref _archived, record.Ticks);
        }
    }
}
