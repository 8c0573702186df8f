using CloudTicks.EventStream.Links;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Topics;

/// <summary>Creates the topics of CloudTicks.</summary>
public static class ArchiveTopics
{
    /// <summary>The default number of partitions of <see cref="TopicNames.TickArchive"/>.</summary>
    public const int ArchivePartitions = 32;

    private const int DeadLetterPartitions = 1;

    /// <summary>
    /// Creates the archive and the topic of dead letters, with unlimited retention, when they are missing and the broker allows it. Event
    /// Hubs does not allow it; there, the topics are created with the namespace. Does not change an existing topic.
    /// </summary>
    /// <param name="archivePartitions">The number of partitions for a new <see cref="TopicNames.TickArchive"/>.</param>
    /// <returns>The number of partitions of <see cref="TopicNames.TickArchive"/>.</returns>
    /// <exception cref="EventStreamException">The broker does not answer in time, or a topic is missing and could not be
    /// created.</exception>
    /// <exception cref="TimeoutException">Azure's emulator does not answer in time.</exception>
    public static async Task<int> EnsureAsync(
        EventStreamConnection connection, ILogger logger, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken,
        int archivePartitions = ArchivePartitions)
    {
        if (StreamProtocol.ReaderOf(connection) is { } reader)
        {
            await reader.GetWatermarksAsync(TopicNames.DeadLetters, cancellationToken).WaitAsync(timeout, time, cancellationToken);
            var partitions =
                await reader.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken).WaitAsync(timeout, time, cancellationToken);
            return partitions.Count;
        }

        using var adminConnection = connection.OpenAdmin(logger);
        var admin = adminConnection.Client;
        var refusals = connection.IsEventHubs
            ? new Dictionary<string, string> { [TopicNames.TickArchive] = EventHubsReason, [TopicNames.DeadLetters] = EventHubsReason }
            : await CreateAsync(
                admin, connection,
                [UnlimitedTopic(TopicNames.TickArchive, archivePartitions), UnlimitedTopic(TopicNames.DeadLetters, DeadLetterPartitions)],
                logger, timeout, cancellationToken);
        var metadata = new TopicMetadataReader(admin, connection, time);
        await metadata.PartitionCountAsync(
            TopicNames.DeadLetters, refusals.GetValueOrDefault(TopicNames.DeadLetters), timeout, cancellationToken);
        return await metadata.PartitionCountAsync(
            TopicNames.TickArchive, refusals.GetValueOrDefault(TopicNames.TickArchive), timeout, cancellationToken);
    }

    /// <summary>Creates a permanent topic for replayed ticks when it is missing, with <see cref="ArchivePartitions"/> partitions.</summary>
    /// <exception cref="EventStreamException">The broker does not answer, or the topic is missing and could not be created.</exception>
    public static async Task<int> EnsureForReplayAsync(
        EventStreamConnection connection, string topic, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var adminConnection = connection.OpenAdmin(NullLogger.Instance);
        var admin = adminConnection.Client;
        var refusals = await CreateAsync(
            admin, connection, [UnlimitedTopic(topic, ArchivePartitions)], NullLogger.Instance, timeout, cancellationToken);
        return await new TopicMetadataReader(admin, connection, time).PartitionCountAsync(
            topic, refusals.GetValueOrDefault(topic), timeout, cancellationToken);
    }

    private const string EventHubsReason = "topics of Event Hubs are created with the namespace";

    /// <returns>Why the broker refused to create topics, by topic. A refused topic may exist nevertheless.</returns>
    private static async Task<Dictionary<string, string>> CreateAsync(
        IAdminClient admin, EventStreamConnection connection, TopicSpecification[] topics, ILogger logger, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        List<CreateTopicReport> reports;
        try
        {
            await admin.CreateTopicsAsync(topics, new CreateTopicsOptions { RequestTimeout = timeout, OperationTimeout = timeout })
                .WaitAsync(cancellationToken);
            reports = [.. topics.Select(topic => new CreateTopicReport { Topic = topic.Name, Error = new Error(ErrorCode.NoError) })];
        }
        catch (CreateTopicsException failed)
        {
            reports = failed.Results;
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException(
                $"{connection} did not answer within {timeout.TotalSeconds:0} s; is the event hub running?", failed.Error);
        }

        var refusals = new Dictionary<string, string>();
        foreach (var report in reports)
        {
            if (!report.Error.IsError)
            {
                var partitions = topics.First(topic => topic.Name == report.Topic).NumPartitions;
                logger.TopicCreated(report.Topic, partitions);
            }
            else if (report.Error.Code != ErrorCode.TopicAlreadyExists)
            {
                logger.TopicNotCreated(report.Topic, report.Error.Reason);
                refusals[report.Topic] = report.Error.Reason;
            }
        }

        return refusals;
    }

    private static TopicSpecification UnlimitedTopic(string name, int partitions) => new()
    {
        Name = name,
        NumPartitions = partitions,
        Configs = new() { ["retention.ms"] = "-1", ["retention.bytes"] = "-1" },
    };
}
