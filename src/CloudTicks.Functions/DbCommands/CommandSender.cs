using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions.DbCommands;

/// <summary>Sends the ticks of commands to the archive, as the collector does, with the source <c>db_command</c>.</summary>
public sealed class CommandSender(
    EventStreamConnection connection, RecordProducer producer, ArchiveFeedReader mark, IOptions<DbCommandOptions> options,
    TimeProvider time, ILogger<CommandSender> logger)
{
    private static readonly TimeSpan TopicTimeout = TimeSpan.FromSeconds(5);

    /// <summary>How long the feed that marks the archive is cached: the archive may be replaced while this process runs.</summary>
    private static readonly TimeSpan FeedCacheTime = TimeSpan.FromMinutes(1);

    private volatile Target? _target;

    /// <summary>Sends the ticks, and waits until the event hub has acknowledged all of them.</summary>
    /// <param name="cancellationToken">Ends the wait; ticks that were already sent still enter the archive.</param>
    /// <exception cref="EventStreamException">The event hub does not accept the ticks.</exception>
    internal async Task SaveAsync(SaveCommand command, long receivedMs, TickCheck check, CancellationToken cancellationToken)
    {
        if (command.Records.Count == 0)
        {
            return;
        }

        try
        {
            var target = await GetTargetAsync(cancellationToken);
            var partition = command.Symbol.PartitionOf(target.Partitions);
            var deliveries = new List<Task<long>>();
            foreach (var record in Pack(command, partition, receivedMs, check))
            {
                deliveries.Add(await producer.SendAsync(TopicNames.TickArchive, partition, record, target.Headers, cancellationToken));
            }

            await Task.WhenAll(deliveries).WaitAsync(cancellationToken);
        }
        catch (EventStreamException)
        {
            _target = null; // the number of partitions may have changed
            throw;
        }
    }

    private static List<byte[]> Pack(SaveCommand command, int partition, long receivedMs, TickCheck check)
    {
        var records = new List<byte[]>();
        var builder = new TickBatchBuilder(partition, TickSource.DbCommand);
        foreach (var record in command.Records)
        {
            var tick = record.ToTick(command.Symbol, command.Kind, receivedMs);
            check.Check(ref tick);
            builder.Add(tick);
            if (!builder.HasRoom)
            {
                records.Add(builder.ToRecord());
                builder.Clear();
            }
        }

        if (builder.Count > 0)
        {
            records.Add(builder.ToRecord());
        }

        return records;
    }

    private async Task<Target> GetTargetAsync(CancellationToken cancellationToken)
    {
        if (_target is { } known && time.GetElapsedTime(known.ReadAt) < FeedCacheTime)
        {
            return known;
        }

        var partitions = await ArchiveTopics.EnsureAsync(connection, logger, TopicTimeout, time, cancellationToken);
        var newest = await mark.ReadAsync(cancellationToken);
        var feed = newest?.Feed ?? options.Value.FeedName.ToLowerInvariant();
        var target = new Target(partitions, [RecordHeader.FromText(HeaderNames.Feed, feed)], time.GetTimestamp());
        // Do not cache this for an empty archive: a collector may mark it with another feed at any time.
        _target = newest is null ? null : target;
        return target;
    }

    private sealed record Target(int Partitions, IReadOnlyList<RecordHeader> Headers, long ReadAt);
}
