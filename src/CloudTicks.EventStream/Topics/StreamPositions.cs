using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Topics;

/// <summary>Asks how far partitions reach, and how far consumer groups have come.</summary>
public sealed class StreamPositions(EventStreamConnection connection, TimeProvider time, ILogger<StreamPositions> logger) : IDisposable
{
    /// <summary>The group of questions that need none.</summary>
    private const string NoGroup = "cloudticks.positions";

    /// <summary>Of a token's life, after which clients that are kept with it end.</summary>
    private const double TokenShare = 0.8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, IConsumer<byte[], byte[]>> _kept = new(StringComparer.Ordinal);
    private ITimer? _tokenEnd;
    private int _asking;

    /// <summary>Whether a client is kept for each group: a service queries every few seconds, a tool once. False by default.</summary>
    public bool KeepsClients { get; init; }

    /// <summary>How far each partition of a topic reaches now.</summary>
    /// <exception cref="EventStreamException">The topic is not there, or the broker does not answer within 10 s.</exception>
    public Task<IReadOnlyList<PartitionWatermarks>> GetWatermarksAsync(string topic, CancellationToken cancellationToken) =>
        StreamProtocol.ReaderOf(connection) is { } reader
            ? reader.GetWatermarksAsync(topic, cancellationToken)
            : AskAsync<IReadOnlyList<PartitionWatermarks>>(
            NoGroup,
            topic,
            (consumer, partitions) =>
            {
                var watermarks = new List<PartitionWatermarks>(partitions.Count);
                foreach (var partition in partitions)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var offsets = consumer.QueryWatermarkOffsets(partition, Timeout);
                    watermarks.Add(new PartitionWatermarks(partition.Partition, offsets.Low, offsets.High));
                }

                return watermarks;
            },
            cancellationToken);

    /// <summary>The offset that a group will read next, for each partition where it has committed one.</summary>
    /// <exception cref="EventStreamException">The topic is not there, or the broker does not answer within 10 s.</exception>
    public Task<IReadOnlyDictionary<int, long>> GetCommittedAsync(string group, string topic, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyDictionary<int, long>>(
            group,
            topic,
            (consumer, partitions) => consumer.Committed(partitions, Timeout)
                .Where(committed => committed.Offset >= 0)
                .ToDictionary(committed => committed.Partition.Value, committed => committed.Offset.Value),
            cancellationToken);

    /// <summary>Commits offsets for a group that nobody joins, so that tools show how far it has come.</summary>
    /// <param name="next">By partition, the offset that the group will read next.</param>
    /// <exception cref="EventStreamException">The topic is not there, or the broker does not take them within 10 s.</exception>
    public Task CommitAsync(string group, string topic, IReadOnlyDictionary<int, long> next, CancellationToken cancellationToken) =>
        AskAsync(
            group,
            topic,
            (consumer, _) =>
            {
                consumer.Commit(next.Select(entry => new TopicPartitionOffset(topic, entry.Key, entry.Value)));
                return true;
            },
            cancellationToken);

    /// <summary>The first offset of each partition written at a time or later; the partition's end where there is none.</summary>
    /// <param name="writtenMs">The time, Unix ms, UTC, as the writer or the broker has put it on the record.</param>
    /// <exception cref="EventStreamException">The topic is not there, or the broker does not answer within 10 s.</exception>
    public Task<IReadOnlyDictionary<int, long>> GetOffsetsSinceAsync(string topic, long writtenMs, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyDictionary<int, long>>(
            NoGroup,
            topic,
            (consumer, partitions) => consumer
                .OffsetsForTimes(
                    partitions.Select(
                        partition => new TopicPartitionTimestamp(partition, new Timestamp(writtenMs, TimestampType.CreateTime))), Timeout)
                .ToDictionary(found => found.Partition.Value, found => found.Offset.IsSpecial ? long.MaxValue : found.Offset.Value),
            cancellationToken);

    /// <summary>Ends the clients that are kept, for a service that has no questions for a while; the next query makes new ones.</summary>
    public void EndClients() => EndKept();

    /// <summary>Ends the clients that were kept, unless a query is still running: the process is ending then.</summary>
    public void Dispose() => EndKept();

    /// <summary>Ends the clients that are kept. While a query runs it does nothing: the timer comes again.</summary>
    private void EndKept()
    {
        List<IConsumer<byte[], byte[]>> ended;
        lock (_gate)
        {
            if (_asking > 0)
            {
                return;
            }

            ended = [.. _kept.Values];
            _kept.Clear();
            _tokenEnd?.Dispose();
            _tokenEnd = null;
        }

        ended.ForEach(consumer => consumer.Dispose());
    }

    /// <summary>
    /// A client that consumes nothing never fetches a younger token. It gets one with each question; when none comes before that token
    /// ends, it goes, because librdkafka would connect with the old one again and again.
    /// </summary>
    private void Renew(IConsumer<byte[], byte[]> kept)
    {
        if (connection.Login is not { } login)
        {
            return;
        }

        var left = (login.Give(kept) - time.GetUtcNow()) * TokenShare;
        lock (_gate)
        {
            // The first token ends first.
            _tokenEnd ??= time.CreateTimer(_ => EndKept(), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout);
        }
    }

    /// <summary>The client's calls block, so they run apart; none of them joins the group.</summary>
    private Task<T> AskAsync<T>(
        string group, string topic, Func<IConsumer<byte[], byte[]>, List<TopicPartition>, T> ask, CancellationToken cancellationToken) =>
            Task.Run(
        async () =>
        {
            if (!KeepsClients)
            {
                using var own = Connect(group);
                return await AskAsync(own, topic, ask, cancellationToken);
            }

            var kept = Keep(group);
            try
            {
                Renew(kept);
                return await AskAsync(kept, topic, ask, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _asking);
            }
        },
        cancellationToken);

    private async Task<T> AskAsync<T>(
        IConsumer<byte[], byte[]> consumer, string topic, Func<IConsumer<byte[], byte[]>, List<TopicPartition>, T> ask,
        CancellationToken cancellationToken)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var count = await new TopicMetadataReader(admin, connection, time).PartitionCountAsync(topic, null, Timeout, cancellationToken);
        try
        {
            return ask(consumer, [.. Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))]);
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException($"{connection} does not tell the offsets of topic '{topic}'", failed.Error);
        }
    }

    private IConsumer<byte[], byte[]> Keep(string group)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(group, out var consumer))
            {
                _kept[group] = consumer = Connect(group);
            }

            Interlocked.Increment(ref _asking);
            return consumer;
        }
    }

    private IConsumer<byte[], byte[]> Connect(string group) => new ConsumerBuilder<byte[], byte[]>(connection.ConsumerConfig(group))
        .SetLogHandler((_, line) => logger.Forward(line))
        .SetErrorHandler((_, _) => { }) // each call reports its own error
        .BuildFor(connection);
}
