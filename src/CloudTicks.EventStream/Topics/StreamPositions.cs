using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Topics;

/// <summary>Queries the watermarks of partitions and the committed offsets of consumer groups.</summary>
public sealed class StreamPositions(EventStreamConnection connection, TimeProvider time, ILogger<StreamPositions> logger) : IDisposable
{
    /// <summary>The group name for queries that need no group.</summary>
    private const string NoGroup = "cloudticks.positions";

    /// <summary>The part of a token's lifetime after which cached clients are closed.</summary>
    private const double TokenLifetimeFraction = 0.8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, IConsumer<byte[], byte[]>> _cachedConsumers = new(StringComparer.Ordinal);
    private ITimer? _tokenExpiryTimer;
    private int _activeQueries;

    /// <summary>
    /// True to cache a client for each group, for a service that queries every few seconds. False by default, for a tool that queries once.
    /// </summary>
    public bool CachesClients { get; init; }

    /// <summary>Reads the current watermarks of each partition of a topic.</summary>
    /// <exception cref="EventStreamException">
    /// The topic does not exist, the client cannot log in, or the broker does not answer a query within 10 s.
    /// </exception>
    public Task<IReadOnlyList<PartitionWatermarks>> GetWatermarksAsync(string topic, CancellationToken cancellationToken) =>
        StreamProtocol.ReaderOf(connection) is { } reader
            ? reader.GetWatermarksAsync(topic, cancellationToken)
            : QueryAsync<IReadOnlyList<PartitionWatermarks>>(
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

    /// <summary>Reads the next offset of a group for each partition with a commit.</summary>
    /// <exception cref="EventStreamException">
    /// The topic does not exist, the client cannot log in, or the broker does not answer a query within 10 s.
    /// </exception>
    public Task<IReadOnlyDictionary<int, long>> GetCommittedAsync(string group, string topic, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyDictionary<int, long>>(
            group,
            topic,
            (consumer, partitions) => consumer.Committed(partitions, Timeout)
                .Where(committed => committed.Offset >= 0)
                .ToDictionary(committed => committed.Partition.Value, committed => committed.Offset.Value),
            cancellationToken);

    /// <summary>Commits offsets for a group without members, so that tools show its progress.</summary>
    /// <param name="next">The group's next offset, by partition.</param>
    /// <exception cref="EventStreamException">
    /// The topic does not exist, the client cannot log in, or the broker does not accept the offsets.
    /// </exception>
    public Task CommitAsync(string group, string topic, IReadOnlyDictionary<int, long> next, CancellationToken cancellationToken) =>
        QueryAsync(
            group,
            topic,
            (consumer, _) =>
            {
                consumer.Commit(next.Select(entry => new TopicPartitionOffset(topic, entry.Key, entry.Value)));
                return true;
            },
            cancellationToken);

    /// <summary>Reads for each partition the offset of the first record written at or after a time.</summary>
    /// <param name="writtenMs">The time, Unix ms, UTC, compared with the timestamps of the records.</param>
    /// <returns>The offsets by partition; <see cref="long.MaxValue"/> when no record is that new.</returns>
    /// <exception cref="EventStreamException">
    /// The topic does not exist, the client cannot log in, or the broker does not answer a query within 10 s.
    /// </exception>
    public Task<IReadOnlyDictionary<int, long>> GetOffsetsSinceAsync(string topic, long writtenMs, CancellationToken cancellationToken) =>
        QueryAsync<IReadOnlyDictionary<int, long>>(
            NoGroup,
            topic,
            (consumer, partitions) => consumer
                .OffsetsForTimes(
                    partitions.Select(
                        partition => new TopicPartitionTimestamp(partition, new Timestamp(writtenMs, TimestampType.CreateTime))), Timeout)
                .ToDictionary(found => found.Partition.Value, found => found.Offset.IsSpecial ? long.MaxValue : found.Offset.Value),
            cancellationToken);

    /// <summary>Closes the cached clients of a service that will not query for a while; the next query opens new ones.</summary>
    public void CloseClients() => CloseCached();

    /// <summary>Closes the cached clients. If a query still runs, they stay open.</summary>
    public void Dispose() => CloseCached();

    /// <summary>Closes the cached clients. Does nothing while a query runs; the timer, if set, calls again later.</summary>
    private void CloseCached()
    {
        List<IConsumer<byte[], byte[]>> ended;
        lock (_gate)
        {
            if (_activeQueries > 0)
            {
                return;
            }

            ended = [.. _cachedConsumers.Values];
            _cachedConsumers.Clear();
            _tokenExpiryTimer?.Dispose();
            _tokenExpiryTimer = null;
        }

        ended.ForEach(consumer => consumer.Dispose());
    }

    /// <summary>
    /// Sets a client's token, because a client that does not consume never requests one. A timer closes all cached clients before the
    /// oldest token expires, because librdkafka would keep connecting with an expired token.
    /// </summary>
    private void Renew(IConsumer<byte[], byte[]> cached)
    {
        if (connection.Login is not { } login)
        {
            return;
        }

        var delay = (login.SetToken(cached) - time.GetUtcNow()) * TokenLifetimeFraction;
        lock (_gate)
        {
            // The oldest token expires first, so its timer is sufficient for all clients.
            _tokenExpiryTimer ??= time.CreateTimer(_ => CloseCached(), null, delay > TimeSpan.Zero ? delay : TimeSpan.Zero, Timeout);
        }
    }

    /// <summary>Runs the client's blocking calls on another thread; the client does not join the group.</summary>
    private Task<T> QueryAsync<T>(
        string group, string topic, Func<IConsumer<byte[], byte[]>, List<TopicPartition>, T> query, CancellationToken cancellationToken) =>
            Task.Run(
        async () =>
        {
            if (!CachesClients)
            {
                using var ownClient = Connect(group);
                return await QueryAsync(ownClient, topic, query, cancellationToken);
            }

            var cached = AcquireCached(group);
            try
            {
                Renew(cached);
                return await QueryAsync(cached, topic, query, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _activeQueries);
            }
        },
        cancellationToken);

    private async Task<T> QueryAsync<T>(
        IConsumer<byte[], byte[]> consumer, string topic, Func<IConsumer<byte[], byte[]>, List<TopicPartition>, T> query,
        CancellationToken cancellationToken)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var count = await new TopicMetadataReader(admin, connection, time).PartitionCountAsync(topic, null, Timeout, cancellationToken);
        try
        {
            return query(consumer, [.. Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))]);
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException($"{connection} does not report the offsets of topic '{topic}'", failed.Error);
        }
    }

    private IConsumer<byte[], byte[]> AcquireCached(string group)
    {
        lock (_gate)
        {
            if (!_cachedConsumers.TryGetValue(group, out var consumer))
            {
                _cachedConsumers[group] = consumer = Connect(group);
            }

            Interlocked.Increment(ref _activeQueries);
            return consumer;
        }
    }

    private IConsumer<byte[], byte[]> Connect(string group) => new ConsumerBuilder<byte[], byte[]>(connection.ConsumerConfig(group))
        .SetLogHandler((_, line) => logger.Forward(line))
        .SetErrorHandler((_, _) => { }) // each call reports its own error
        .BuildFor(connection);
}
