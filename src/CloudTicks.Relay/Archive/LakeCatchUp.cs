using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Reading;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Sends a client the ticks that the archive no longer holds, read from the lake in time order, before the history from the archive.
/// Records that the archive deletes meanwhile are also read from the lake, so that the archive continues exactly where the lake's part
/// ends.
/// </summary>
internal sealed class LakeCatchUp(
    LakeReader lake, EventStreamConnection connection, StreamPositions stream, ILogger<LakeCatchUp> logger)
{
    /// <summary>The maximum by which the feed's clock may be ahead of the clock that timestamps the records, ms.</summary>
    private const long ClockSlackMs = 300_000;

    private const int MaxNamedSymbols = 1_000;

    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Sends the lake's ticks of the partitions whose position is at their oldest record, because the history may begin before that record.
    /// </summary>
    /// <param name="fromMs">The earliest time of the ticks, Unix ms, UTC.</param>
    /// <param name="oldest">The partitions whose position is at their oldest record.</param>
    /// <param name="positions">
    /// The position of each partition in the archive; moved to the first remaining record if the archive deletes records meanwhile.
    /// </param>
    /// <returns>
    /// The time at which the lake begins, Unix ms, UTC; null if no lake is configured or needed, or if it is empty or cannot be read.
    /// </returns>
    /// <exception cref="EventStreamException">The archive cannot be read.</exception>
    public async Task<long?> SendAsync(
        IEventSubscriber client, IReadOnlyList<ChannelSelector> channels, History history, long fromMs, IReadOnlyCollection<int> oldest,
        Dictionary<int, long> positions, CancellationToken cancellationToken)
    {
        if (!lake.IsConfigured || oldest.Count == 0)
        {
            return null;
        }

        var identity = await StreamIdentity.ResolveAsync(connection, TopicNames.TickArchive, logger, IdentityTimeout, cancellationToken);
        try
        {
            var sent = oldest.ToDictionary(partition => partition, _ => (Offset: ArchiveHandover.EarlierArchive, Ms: long.MinValue));
            long? beginMs = null;
            while (true)
            {
                var partitions = await stream.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken).WaitAsync(cancellationToken);
                var moved = partitions.Where(one => sent.TryGetValue(one.Partition, out var end) && end.Offset < one.Low).ToList();
                if (moved.Count == 0)
                {
                    return (await lake.ExtentAsync(cancellationToken)).FirstMs;
                }

                var times = await history.ReadOldestAsync(moved, cancellationToken);
                var handover = new ArchiveHandover
                {
                    Stream = identity,
                    BeginMs = beginMs ??= times.Values.Append(long.MaxValue).Min(),
                    Partitions = partitions.Count,
                    Ranges = moved.ToDictionary(one => one.Partition, one => new HandoverRange(
                        sent[one.Partition].Offset, one.Low, sent[one.Partition].Ms,
                        times.GetValueOrDefault(one.Partition, long.MaxValue))),
                };
                await WarnOfMissingAsync(client, handover, fromMs, cancellationToken);
                foreach (var range in RangesOf(channels, handover, fromMs))
                {
                    await new LakeRangeSender(lake, range, client, history, logger).SendAsync(cancellationToken);
                }

                foreach (var (partition, range) in handover.Ranges)
                {
                    sent[partition] = (range.ToOffset, range.ToMs);
                    positions[partition] = range.ToOffset;
                }
            }
        }
        catch (LakeUnavailableException unavailable)
        {
            logger.LakeUnavailable(unavailable.Message);
            client.Warn($"events that only the lake has are missing: {unavailable.Message}");
            return null;
        }
    }

    /// <summary>Returns the range of ticks to read from the lake for each market.</summary>
    private static IEnumerable<LakeTickRange> RangesOf(
        IReadOnlyList<ChannelSelector> channels, ArchiveHandover handover, long fromMs)
    {
        var toMs = handover.Ranges.Values.Max(range => range.ToMs);
        foreach (var market in channels.GroupBy(channel => channel.Market))
        {
            var symbols = market.Select(channel => channel.Symbol).OfType<Ticks.Symbol>().Distinct()
                .Where(symbol => handover.Ranges.ContainsKey(symbol.PartitionOf(handover.Partitions))).ToList();
            var areAll = market.Any(channel => channel.Symbol is null);
            var kinds = market.Select(channel => channel.Kind).Distinct().ToList();
            if (areAll || symbols.Count > 0)
            {
                yield return new LakeTickRange
                {
                    Market = market.Key,
                    Symbols = areAll || symbols.Count > MaxNamedSymbols ? [] : symbols,
                    Kind = kinds.Count == 1 ? kinds[0] : null,
                    FromMs = Math.Max(0, fromMs),
                    ToMs = toMs > long.MaxValue - ClockSlackMs ? long.MaxValue : toMs + ClockSlackMs,
                    Handover = handover,
                };
            }
        }
    }

    /// <summary>Warns the client if the archive has deleted records before the lake had stored them.</summary>
    private async Task WarnOfMissingAsync(
        IEventSubscriber client, ArchiveHandover handover, long fromMs, CancellationToken cancellationToken)
    {
        var next = await lake.NextOffsetsAsync(handover.Stream, cancellationToken);
        var lagging = handover.Ranges.Where(range => next.GetValueOrDefault(range.Key) < range.Value.ToOffset).ToList();
        if (lagging.Count == 0)
        {
            return;
        }

        var toMs = lagging.Max(range => range.Value.ToMs);
        var completeToMs = Math.Max(fromMs, (await lake.ExtentAsync(cancellationToken)).CompleteToMs);
        var period = toMs == long.MaxValue ? $"since {completeToMs}" : $"from {completeToMs} to {toMs}";
        logger.LakeLagged(lagging.Count, period);
        client.Warn($"events archived {period} are missing: the archive deleted them before the lake had stored them");
    }
}
