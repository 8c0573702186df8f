using System.Runtime.CompilerServices;
using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Consuming;

/// <summary>Reads ranges of partitions, outside any consumer group: for verification, replay and the relay.</summary>
public sealed class RecordConsumer(EventStreamConnection connection, TimeProvider time, ILogger<RecordConsumer> logger)
{
    /// <summary>Opens a reader that returns many records at a time and can be assigned new ranges.</summary>
    /// <param name="readAhead">The limits of the reader's buffer; null for the client library's limit, 64 MiB.</param>
    /// <exception cref="EventStreamException">The client cannot log in, or the event hub does not support the Kafka protocol.</exception>
    public RangeReader Open(string topic, ReadAhead? readAhead = null) =>
        StreamProtocol.ReaderOf(connection) is null
            ? new RangeReader(connection, topic, readAhead, time, logger)
            : throw new EventStreamException($"{connection} does not support reading over the Kafka protocol, which is required here.");

    /// <summary>
    /// Reads the ranges, each in order, interleaved as the records arrive, and ends when all were read completely. For a range that ends
    /// after the newest record, the call waits for further records. It also waits while the event hub is unreachable.
    /// </summary>
    /// <param name="ranges">At most one per partition.</param>
    /// <exception cref="OffsetOutOfRangeException">A range begins before the oldest record, or after the end of its partition.</exception>
    /// <exception cref="EventStreamException">
    /// The topic or a partition does not exist, or the client cannot log in or has failed.
    /// </exception>
    public IAsyncEnumerable<StreamRecord> ReadAsync(
        string topic, IReadOnlyList<OffsetRange> ranges, CancellationToken cancellationToken) =>
        ReadAsync(topic, ranges, null, cancellationToken);

    /// <summary>Reads the ranges with limits on the buffer.</summary>
    /// <param name="ranges">At most one per partition.</param>
    /// <param name="readAhead">Null for the client library's limit, 64 MiB.</param>
    /// <exception cref="OffsetOutOfRangeException">A range begins before the oldest record, or after the end of its partition.</exception>
    /// <exception cref="EventStreamException">
    /// The topic or a partition does not exist, or the client cannot log in or has failed.
    /// </exception>
    public async IAsyncEnumerable<StreamRecord> ReadAsync(
        string topic, IReadOnlyList<OffsetRange> ranges, ReadAhead? readAhead,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ranges.All(range => range.From >= range.To))
        {
            yield break;
        }

        if (StreamProtocol.ReaderOf(connection) is { } other)
        {
            await foreach (var record in other.ReadAsync(topic, ranges, cancellationToken))
            {
                yield return record;
            }

            yield break;
        }

        await using var reader = new RangeReader(connection, topic, readAhead, time, logger);
        reader.Assign(ranges);
        var batch = new List<StreamRecord>();
        while (!reader.IsCompleted)
        {
            await reader.ReadAsync(batch, cancellationToken);
            foreach (var record in batch)
            {
                yield return record;
            }
        }
    }
}
