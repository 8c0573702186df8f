using System.Runtime.CompilerServices;
using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Consuming;

/// <summary>Reads given stretches of partitions, outside any consumer group: for verification and replay.</summary>
public sealed class RecordConsumer(EventStreamConnection connection, ILogger<RecordConsumer> logger)
{
    /// <summary>librdkafka wants a group where there is none; it is never joined and nothing is committed.</summary>
    private const string NoGroup = "cloudticks.ranges";

    /// <summary>Records that are handed over from the client's thread at once.</summary>
    private const int ChunkRecords = 512;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Reads the ranges, each in its order, mixed with each other as they arrive, and ends when all of them are through. A range
    /// that reaches beyond the last record waits for more; also a hub that is away is waited for.
    /// </summary>
    /// <param name="ranges">One for each partition at most.</param>
    /// <exception cref="OffsetOutOfRangeException">A range begins before the oldest record or after the newest.</exception>
    /// <exception cref="EventStreamException">The topic or a partition is not there, or the client can do no more.</exception>
    public async IAsyncEnumerable<StreamRecord> ReadAsync(
        string topic, IReadOnlyList<OffsetRange> ranges, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = ranges.Where(range => range.From < range.To).ToDictionary(range => range.Partition, range => range.To);
        if (open.Count == 0)
        {
            yield break;
        }

        if (StreamProtocol.ReaderOf(connection) is { } reader)
        {
            await foreach (var record in reader.ReadAsync(topic, ranges, cancellationToken))
            {
                yield return record;
            }

            yield break;
        }

        var config = connection.ConsumerConfig(NoGroup);
        config.AutoOffsetReset = AutoOffsetReset.Error;
        config.EnablePartitionEof = true;
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(config)
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, error) => logger.ReaderError(connection, error.Reason))
            .BuildFor(connection);
        consumer.Assign(ranges.Where(range => range.From < range.To)
            .Select(range => new TopicPartitionOffset(topic, range.Partition, range.From)));
        var chunk = new List<ConsumeResult<Ignore, byte[]>>(ChunkRecords);
        while (open.Count > 0)
        {
            chunk.Clear();
            await Task.Run(() => Fill(consumer, topic, chunk, cancellationToken), cancellationToken);
            foreach (var result in chunk)
            {
                var partition = result.Partition.Value;
                if (!open.TryGetValue(partition, out var to))
                {
                    continue; // read ahead beyond the end of the range
                }

                if (!result.IsPartitionEOF && result.Offset < to)
                {
                    yield return result.ToRecord();
                }

                if (result.IsPartitionEOF ? result.Offset >= to : result.Offset + 1 >= to)
                {
                    open.Remove(partition);
                    consumer.IncrementalUnassign([result.TopicPartition]);
                }
            }
        }
    }

    private void Fill(
        IConsumer<Ignore, byte[]> consumer, string topic, List<ConsumeResult<Ignore, byte[]>> chunk, CancellationToken cancellationToken)
    {
        while (chunk.Count < ChunkRecords)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var result = consumer.Consume(chunk.Count == 0 ? Wait : TimeSpan.Zero);
                if (result is not null)
                {
                    chunk.Add(result);
                }
                else if (chunk.Count > 0)
                {
                    return;
                }
            }
            catch (ConsumeException failed)
            {
                throw failed.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange
                    ? new OffsetOutOfRangeException(topic, failed.ConsumerRecord.Partition, failed.ConsumerRecord.Offset, failed)
                    : new EventStreamException(
                        $"{connection} cannot be read at {topic}/{failed.ConsumerRecord?.Partition.Value}", failed.Error);
            }
        }
    }
}
