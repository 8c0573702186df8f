using CloudTicks.Collection.Intake;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>
/// Packs ticks into records, one record a partition at a time, and hands them to the event hub. A record goes when it is full, or when its
/// first tick has waited for the linger and fewer than <see cref="MaxInFlight"/> records of its partition are under way: so records
/// grow by themselves when the hub is slow, and are small and early when it is not. When a record is full and the hub still owes the
/// acknowledgements, the caller waits, the frame queue fills, and at last the sockets are not read: memory stays bounded by
/// partitions x (<see cref="MaxInFlight"/> + 1) x 256 KiB. One loop uses it; it is not thread-safe.
/// </summary>
internal sealed class TickBatcher
{
    /// <summary>Records of one partition under way. One would leave the hub idle between two, more would only make them smaller.</summary>
    public const int MaxInFlight = 2;

    private readonly RecordProducer _producer;
    private readonly IReadOnlyList<RecordHeader> _headers;
    private readonly TimeProvider _time;
    private readonly TimeSpan _linger;
    private readonly CollectorCounters _counters;
    private readonly Action _wake;
    private readonly PartitionBatch[] _partitions;
    private long _now;

    /// <summary>Makes the batcher.</summary>
    /// <param name="producer">Takes the records.</param>
    /// <param name="partitions">Partitions of the archive.</param>
    /// <param name="feed">The feed's name, for the header of each record.</param>
    /// <param name="linger">How long a tick may wait for company.</param>
    /// <param name="counters">Told what was sent and acknowledged.</param>
    /// <param name="time">Measures the linger.</param>
    /// <param name="wake">Called upon each acknowledgement, from any thread.</param>
    public TickBatcher(
        RecordProducer producer, int partitions, string feed, TimeSpan linger, CollectorCounters counters, TimeProvider time, Action wake)
    {
        (_producer, _linger, _counters, _time, _wake) = (producer, linger, counters, time, wake);
        _headers = [RecordHeader.OfText(HeaderNames.Feed, feed)];
        _partitions = [.. Enumerable.Range(0, partitions).Select(partition => new PartitionBatch(partition))];
        ReadClock();
    }

    /// <summary>Partitions of the archive.</summary>
    public int Partitions => _partitions.Length;

    /// <summary>Reads the clock, once for many ticks.</summary>
    public void ReadClock() => _now = _time.GetTimestamp();

    /// <summary>Adds a tick to its partition.</summary>
    /// <returns>False when the partition must be sent by <see cref="SendFullAsync"/> before its next tick.</returns>
    public bool Add(int partition, scoped in Tick tick)
    {
        var batch = _partitions[partition];
        if (batch.Builder.Count == 0)
        {
            batch.Since = _now;
        }

        batch.Builder.Add(tick);
        return batch.Builder.HasRoom;
    }

    /// <summary>Sends every full record; waits where too many are under way.</summary>
    public async ValueTask SendFullAsync(CancellationToken cancellationToken)
    {
        foreach (var batch in _partitions)
        {
            if (!batch.Builder.HasRoom)
            {
                await SendInTurnAsync(batch, cancellationToken);
            }
        }
    }

    /// <summary>Sends what has waited long enough, where it may.</summary>
    /// <returns>How long until the next is due; null when none waits for time.</returns>
    public async ValueTask<TimeSpan?> SendDueAsync(CancellationToken cancellationToken)
    {
        TimeSpan? next = null;
        foreach (var batch in _partitions)
        {
            TakeAcknowledged(batch);
            if (batch.Builder.Count == 0 || batch.InFlight >= MaxInFlight)
            {
                continue;
            }

            var left = _linger - _time.GetElapsedTime(batch.Since, _now);
            if (left <= TimeSpan.Zero)
            {
                await SendAsync(batch, cancellationToken);
            }
            else if (next is null || left < next)
            {
                next = left;
            }
        }

        return next;
    }

    /// <summary>Sends all that is left and waits until the event hub has all of it.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        foreach (var batch in _partitions)
        {
            if (batch.Builder.Count > 0)
            {
                await SendInTurnAsync(batch, cancellationToken);
            }
        }

        foreach (var batch in _partitions)
        {
            while (batch.InFlight > 0)
            {
                await batch.Oldest.WaitAsync(cancellationToken);
                TakeAcknowledged(batch);
            }
        }
    }

    private async ValueTask SendInTurnAsync(PartitionBatch batch, CancellationToken cancellationToken)
    {
        TakeAcknowledged(batch);
        while (batch.InFlight >= MaxInFlight)
        {
            await batch.Oldest.WaitAsync(cancellationToken);
            TakeAcknowledged(batch);
        }

        await SendAsync(batch, cancellationToken);
    }

    private async ValueTask SendAsync(PartitionBatch batch, CancellationToken cancellationToken)
    {
        var record = batch.Builder.ToRecord();
        var delivered = await _producer.SendAsync(TopicNames.TickArchive, batch.Partition, record, _headers, cancellationToken);
        batch.Sent(delivered, batch.Builder.Count);
        batch.Builder.Clear();
        _counters.RecordSent();
        delivered.GetAwaiter().UnsafeOnCompleted(_wake);
    }

    private void TakeAcknowledged(PartitionBatch batch)
    {
        for (var ticks = batch.TakeAcknowledged(); ticks > 0; ticks = batch.TakeAcknowledged())
        {
            _counters.RecordAcknowledged(ticks);
        }
    }
}
