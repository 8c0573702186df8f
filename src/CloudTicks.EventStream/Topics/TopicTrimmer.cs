using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Topics;

/// <summary>Limits the retention of a topic on a Kafka broker by deleting its oldest records.</summary>
public sealed class TopicTrimmer(EventStreamConnection connection, StreamPositions positions, ILogger<TopicTrimmer> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Deletes the records that are older than a time and that all the groups have committed.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="groups">The groups that must read everything; records that any of them has not committed are kept.</param>
    /// <param name="writtenBeforeMs">The time, Unix ms, UTC.</param>
    /// <param name="cancellationToken">Cancels the call before the deletion.</param>
    /// <returns>The deleted fraction of the topic's records, 0 to 1.</returns>
    /// <exception cref="EventStreamException">The topic does not exist, or the broker does not answer or rejects the request.</exception>
    public Task<double> TrimAsync(
        string topic, IReadOnlyList<string> groups, long writtenBeforeMs, CancellationToken cancellationToken) =>
        TrimAsync(topic, groups, writtenBeforeMs, limits: null, cancellationToken);

    /// <summary>Deletes the records that are older than a time, that all the groups have committed, and that are before a limit.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="groups">The groups that must read everything; records that any of them has not committed are kept.</param>
    /// <param name="writtenBeforeMs">The time, Unix ms, UTC.</param>
    /// <param name="limits">
    /// The first offset to keep, by partition; a partition that is not listed keeps all its records. Null for no limit.
    /// </param>
    /// <param name="cancellationToken">Cancels the call before the deletion.</param>
    /// <returns>The deleted fraction of the topic's records, 0 to 1.</returns>
    /// <exception cref="EventStreamException">The topic does not exist, or the broker does not answer or rejects the request.</exception>
    public async Task<double> TrimAsync(
        string topic, IReadOnlyList<string> groups, long writtenBeforeMs, IReadOnlyDictionary<int, long>? limits,
        CancellationToken cancellationToken)
    {
        var cutoffs = await positions.GetOffsetsSinceAsync(topic, writtenBeforeMs, cancellationToken);
        var committed = new List<IReadOnlyDictionary<int, long>>();
        foreach (var group in groups)
        {
            committed.Add(await positions.GetCommittedAsync(group, topic, cancellationToken));
        }

        var watermarks = await positions.GetWatermarksAsync(topic, cancellationToken);
        var newStarts = watermarks
            .Select(partition => (
                Watermarks: partition,
                Offset: committed.Append(cutoffs).Append(limits ?? cutoffs).Min(offsets => offsets.GetValueOrDefault(partition.Partition))))
            .Where(partition => partition.Offset > partition.Watermarks.Low)
            .ToList();
        if (newStarts.Count == 0)
        {
            return 0;
        }

        using var adminConnection = connection.OpenAdmin(logger);
        var admin = adminConnection.Client;
        try
        {
            await admin.DeleteRecordsAsync(
                newStarts.Select(partition => new TopicPartitionOffset(topic, partition.Watermarks.Partition, partition.Offset)),
                new DeleteRecordsOptions { RequestTimeout = Timeout, OperationTimeout = Timeout });
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException($"{connection} could not delete records of topic '{topic}'", failed.Error);
        }

        return (double)newStarts.Sum(partition => partition.Offset - partition.Watermarks.Low)
            / watermarks.Sum(partition => partition.High - partition.Low);
    }
}
