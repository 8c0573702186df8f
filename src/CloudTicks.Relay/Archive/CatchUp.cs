using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Sends a client the past events of its channels since a given time, at the client's pace. Events that the archive no longer holds are
/// sent first, from the lake; events from the archive follow. Then the client is subscribed to the tail, without gaps or repeats. The
/// number of concurrent catch-ups is limited; further clients wait.
/// </summary>
internal sealed class CatchUp(
    RecordConsumer records, StreamPositions stream, LakeCatchUp lake, ArchiveTail tail, TailReadiness readiness, TailOutage outage,
    LiveChannels channels, ArchiveFaults faults, ArchiveMetrics metrics, IOptions<RelayOptions> options, TimeProvider time)
    : IDisposable
{
    /// <summary>How far before the requested time the archive is read, in addition to <see cref="ArchiveTail.Lead"/>.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    /// <summary>The timeout for opening a paused tail.</summary>
    private static readonly TimeSpan OpeningTimeout = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _slots = new(options.Value.CatchUps, options.Value.CatchUps);

    /// <summary>
    /// Sends the history of channels, and then subscribes the client to their live events, which are held back until then.
    /// </summary>
    /// <param name="wanted">The requested channels, without duplicates.</param>
    /// <exception cref="EventStreamException">The archive cannot be read; the client is not subscribed.</exception>
    public async Task<CatchUpResult> RunAsync(
        IEventSubscriber client, IReadOnlyList<SinceChannel> wanted, CancellationToken cancellationToken)
    {
        var held = wanted.Select(channel => (Channel: channel, Held: channels.Hold(client, channel.Selector))).ToList();
        try
        {
            await WaitUntilReadyAsync(cancellationToken);
            await _slots.WaitAsync(cancellationToken);
            try
            {
                await using var reader = records.Open(TopicNames.TickArchive, History.ReadAhead);
                var history = new History(client, reader, new HistoryFilter(held), faults, metrics, time);
                return await SendAsync(client, held, history, cancellationToken);
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            held.ForEach(one => channels.Release(one.Held));
        }
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>
    /// Waits until the tail follows the archive. The tail then follows it at least until the channels are released, because held channels
    /// count as subscriptions.
    /// </summary>
    private async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await readiness.Reached.WaitAsync(OpeningTimeout, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new EventStreamException(
                outage.Problem ?? $"The archive was not opened within {OpeningTimeout.TotalSeconds:0} s.");
        }
    }

    private async Task<CatchUpResult> SendAsync(
        IEventSubscriber client, List<(SinceChannel Channel, HeldChannel Held)> held, History history, CancellationToken cancellationToken)
    {
        var sinceMs = held.Min(one => one.Channel.SinceMs);
        var (fromMs, positions, oldest) = await FindStartAsync(held, history, cancellationToken);
        var lakeMs = await lake.SendAsync(
            client, [.. held.Select(one => one.Channel.Selector)], history, fromMs, oldest, positions, cancellationToken);
        while (true)
        {
            var joining = new JoiningSubscriber(client, History.JoinBytes);
            try
            {
                var isLast = false;
                long[] target;
                lock (channels.DeliveryLock)
                {
                    target = tail.LiveFrom();
                    if (history.IsLastRound(positions, target))
                    {
                        isLast = true;
                        held.ForEach(one => channels.Subscribe(joining, one.Channel.Selector));
                    }
                }

                await history.SendAsync(positions, target, cancellationToken);
                if (isLast && await JoinAsync(client, held, joining, positions, cancellationToken))
                {
                    return history.ResultSince(sinceMs, lakeMs);
                }
            }
            finally
            {
                channels.Remove(joining);
            }
        }
    }

    /// <summary>
    /// Returns the earliest time of the history, the offset at which it begins in each partition with a requested symbol, and the
    /// partitions in which it begins at the oldest record.
    /// </summary>
    private async Task<(long FromMs, Dictionary<int, long> Positions, List<int> Oldest)> FindStartAsync(
        List<(SinceChannel Channel, HeldChannel Held)> held, History history, CancellationToken cancellationToken)
    {
        var earliestMs = held.Min(one => one.Channel.ArchivedSinceMs ?? one.Channel.SinceMs);
        var historyFromMs = earliestMs - (long)(Margin + tail.Lead).TotalMilliseconds;
        var watermarks = await stream.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken).WaitAsync(cancellationToken);
        // Query the offsets after the watermarks, so that no record written in between is skipped.
        var since = await stream.GetOffsetsSinceAsync(TopicNames.TickArchive, Math.Max(0, historyFromMs), cancellationToken)
            .WaitAsync(cancellationToken);
        var symbols = held.Select(one => one.Channel.Selector.Symbol).ToList();
        var partitions = symbols.Contains(null)
            ? null : symbols.Select(symbol => symbol!.PartitionOf(watermarks.Count)).ToHashSet();
        // If any partition has records from before the requested time, this archive covers that time. A partition that never had a record
        // then has no history. Otherwise an earlier archive may have had ticks of that partition.
        var hasOlderRecords = watermarks.Any(partition => PositionIn(partition) > partition.Low);
        var (positions, oldest) = (new Dictionary<int, long>(), new List<int>());
        foreach (var partition in watermarks.Where(partition => partitions?.Contains(partition.Partition) != false))
        {
            positions.Add(partition.Partition, PositionIn(partition));
            history.Begin(partition, positions[partition.Partition]);
            if (positions[partition.Partition] == partition.Low && !(hasOlderRecords && partition.High == 0))
            {
                oldest.Add(partition.Partition);
            }
        }

        return (historyFromMs, positions, oldest);

        long PositionIn(PartitionWatermarks partition) =>
            Math.Clamp(since.GetValueOrDefault(partition.Partition, long.MaxValue), partition.Low, partition.High);
    }

    /// <summary>
    /// Sends the live events that were buffered during the last round, and subscribes the client in place of the joining subscriber.
    /// </summary>
    /// <param name="positions">The position of each partition, which is advanced past the sent events.</param>
    /// <returns>False when the buffer overflowed: another round reads the events from the archive.</returns>
    private async Task<bool> JoinAsync(
        IEventSubscriber client, List<(SinceChannel Channel, HeldChannel Held)> held, JoiningSubscriber joining,
        Dictionary<int, long> positions, CancellationToken cancellationToken)
    {
        while (true)
        {
            EventRun kept;
            lock (channels.DeliveryLock)
            {
                if (joining.HasOverflowed)
                {
                    return false;
                }

                kept = joining.Swap();
                var livePositions = tail.LiveFrom();
                foreach (var partition in positions.Keys)
                {
                    positions[partition] = Math.Max(positions[partition], livePositions[partition]);
                }

                if (kept.Length <= History.RunBytes)
                {
                    if (kept.Count > 0)
                    {
                        client.Receive(kept.Events.Span, kept.Count);
                        kept.Clear();
                    }

                    channels.Remove(joining);
                    foreach (var (channel, hold) in held)
                    {
                        channels.Release(hold);
                        if (!hold.IsWithdrawn)
                        {
                            channels.Subscribe(client, channel.Selector);
                        }
                    }

                    return true;
                }
            }

            await client.ReceiveHistoryAsync(kept.Events, kept.Count, cancellationToken);
            kept.Clear();
        }
    }
}
