using System.Runtime.CompilerServices;
using CloudTicks.EventStream.Links;
using CloudTicks.EventStream.Records;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Consuming;

/// <summary>Reads given stretches of partitions, outside any consumer group: for verification, replay and the relay.</summary>
public sealed class RecordConsumer(EventStreamConnection connection, TimeProvider time, ILogger<RecordConsumer> logger)
{
    /// <summary>Opens a reader that reads in batches, and one stretch after another.</summary>
    /// <param name="readAhead">What it may hold; the client library's own bounds, 64 MiB, when null.</param>
    /// <exception cref="EventStreamException">The client cannot log in, or the hub is one that speaks no Kafka.</exception>
    public RangeReader Open(string topic, ReadAhead? readAhead = null) =>
        StreamProtocol.ReaderOf(connection) is null
            ? new RangeReader(connection, topic, readAhead, time, logger)
            : throw new EventStreamException($"{connection} is not read by the Kafka protocol, which this needs.");

    /// <summary>
    /// Reads the ranges, each in its order, mixed with each other as they arrive, and ends when all of them are through. A range
    /// that reaches beyond the last record waits for more; also a hub that is away is waited for.
    /// </summary>
    /// <param name="ranges">One for each partition at most.</param>
    /// <exception cref="OffsetOutOfRangeException">A range begins before the oldest record or after the newest.</exception>
    /// <exception cref="EventStreamException">The topic or a partition is not there, or the client can do no more.</exception>
    public IAsyncEnumerable<StreamRecord> ReadAsync(
        string topic, IReadOnlyList<OffsetRange> ranges, CancellationToken cancellationToken) =>
        ReadAsync(topic, ranges, null, cancellationToken);

    /// <summary>The same, with a bound on what is read ahead.</summary>
    /// <param name="ranges">One for each partition at most.</param>
    /// <param name="readAhead">The client library's own bounds, 64 MiB, when null.</param>
    /// <exception cref="OffsetOutOfRangeException">A range begins before the oldest record or after the newest.</exception>
    /// <exception cref="EventStreamException">The topic or a partition is not there, or the client can do no more.</exception>
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
        while (!reader.IsThrough)
        {
            await reader.ReadAsync(batch, cancellationToken);
            foreach (var record in batch)
            {
                yield return record;
            }
        }
    }
}
