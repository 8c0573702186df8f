using CloudTicks.EventStream.Records;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Consuming;

/// <summary>
/// Reads ranges of partitions, many records at a time, with one client outside any consumer group. Waits while the event hub is
/// unreachable. Not thread-safe.
/// </summary>
public sealed class RangeReader : IAsyncDisposable
{
    /// <summary>librdkafka requires a group name, but the reader neither joins the group nor commits.</summary>
    private const string NoGroup = "cloudticks.ranges";

    private const int MaxBatchRecords = 512;

    private static readonly TimeSpan ConsumeTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventStreamConnection _connection;
    private readonly string _topic;
    private readonly IConsumer<Ignore, byte[]> _consumer;
    private readonly Dictionary<int, long> _openPartitions = [];
    private readonly List<ConsumeResult<Ignore, byte[]>> _results = new(MaxBatchRecords);

    internal RangeReader(EventStreamConnection connection, string topic, ReadAhead? readAhead, TimeProvider time, ILogger logger)
    {
        (_connection, _topic, _time, _logger) = (connection, topic, time, logger);
        var config = connection.ConsumerConfig(NoGroup);
        config.AutoOffsetReset = AutoOffsetReset.Error;
        config.EnablePartitionEof = true;
        if (readAhead is { } bounds)
        {
            config.QueuedMaxMessagesKbytes = bounds.Bytes / 1024;
            config.FetchMaxBytes = bounds.Bytes;
            config.MaxPartitionFetchBytes = bounds.BytesPerPartition;
        }

        _consumer = new ConsumerBuilder<Ignore, byte[]>(config)
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, error) => logger.ReaderError(connection, error.Reason))
            .BuildFor(connection);
    }

    /// <summary>True when all ranges were read completely.</summary>
    public bool IsCompleted => _openPartitions.Count == 0;

    /// <summary>Replaces the ranges to read.</summary>
    /// <param name="ranges">At most one per partition; empty ranges are ignored.</param>
    public void Assign(IReadOnlyList<OffsetRange> ranges)
    {
        _openPartitions.Clear();
        foreach (var range in ranges.Where(range => range.From < range.To))
        {
            _openPartitions.Add(range.Partition, range.To);
        }

        _consumer.Assign(ranges.Where(range => range.From < range.To)
            .Select(range => new TopicPartitionOffset(_topic, range.Partition, range.From)));
    }

    /// <summary>True while the range of a partition is not read completely.</summary>
    public bool IsOpen(int partition) => _openPartitions.ContainsKey(partition);

    /// <summary>Pauses a partition until <see cref="Resume"/>. Its prefetched records are discarded and fetched again.</summary>
    public void Pause(int partition) => _consumer.Pause([new TopicPartition(_topic, partition)]);

    /// <summary>Resumes a partition after <see cref="Pause"/>.</summary>
    public void Resume(int partition) => _consumer.Resume([new TopicPartition(_topic, partition)]);

    /// <summary>
    /// Waits for the next records, and reads them in order within each partition. The result may be empty: when the current end of a
    /// partition is reached, when a deletion has moved the beginning of a range past its end, and when all ranges were read completely.
    /// </summary>
    /// <param name="batch">Cleared, then filled with the records.</param>
    /// <exception cref="OffsetOutOfRangeException">A range begins before the oldest record, or after the end of its partition.</exception>
    /// <exception cref="EventStreamException">The topic or a partition does not exist, or the client has failed.</exception>
    public async Task ReadAsync(List<StreamRecord> batch, CancellationToken cancellationToken)
    {
        batch.Clear();
        if (IsCompleted)
        {
            return;
        }

        _results.Clear();
        await Task.Run(() => Fill(cancellationToken), cancellationToken);
        foreach (var result in _results)
        {
            var partition = result.Partition.Value;
            if (!_openPartitions.TryGetValue(partition, out var to))
            {
                continue; // beyond the end of the range
            }

            if (!result.IsPartitionEOF && result.Offset < to)
            {
                batch.Add(result.ToRecord());
            }

            if (result.IsPartitionEOF ? result.Offset >= to : result.Offset + 1 >= to)
            {
                _openPartitions.Remove(partition);
                _consumer.IncrementalUnassign([result.TopicPartition]);
            }
        }
    }

    /// <summary>
    /// Closes the connection. librdkafka 2.0 may hang if the topic was deleted in the meantime. In that case the threads of the client are
    /// abandoned, so that the caller can open another reader.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.Run(_consumer.Dispose).WaitAsync(CloseTimeout, _time);
        }
        catch (TimeoutException)
        {
            _logger.ReaderAbandoned(_connection, CloseTimeout.TotalSeconds);
        }
    }

    private void Fill(CancellationToken cancellationToken)
    {
        while (_results.Count < MaxBatchRecords)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var result = _consumer.Consume(_results.Count == 0 ? ConsumeTimeout : TimeSpan.Zero);
                if (result is not null)
                {
                    _results.Add(result);
                }
                else if (_results.Count > 0)
                {
                    return;
                }
            }
            catch (ConsumeException exception)
            {
                throw exception.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange
                    ? new OffsetOutOfRangeException(_topic, exception.ConsumerRecord.Partition, exception.ConsumerRecord.Offset, exception)
                    : new EventStreamException(
                        $"Cannot read from {_connection}: topic {_topic}, partition {exception.ConsumerRecord?.Partition.Value}",
                        exception.Error);
            }
        }
    }
}
