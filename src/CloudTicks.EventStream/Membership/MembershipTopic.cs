using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Membership;

/// <summary>The topic whose partitions a group divides; it has no records.</summary>
public static class MembershipTopic
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Creates the topic, or adds the missing partitions. Never removes partitions.</summary>
    /// <param name="partitions">The required number of partitions, at least 1.</param>
    /// <returns>The actual number of partitions: more when the topic had more, fewer when the broker adds none (the cheaper tiers of Event
    /// Hubs).
    /// </returns>
    /// <exception cref="EventStreamException">
    /// The broker does not answer, or does not create the topic or all of its partitions, in time.
    /// </exception>
    public static async Task<int> EnsureAsync(
        EventStreamConnection connection, string topic, int partitions, ILogger logger, TimeSpan timeout, TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var adminConnection = connection.OpenAdmin(logger);
        var admin = adminConnection.Client;
        var started = time.GetTimestamp();
        Error? refusal = null;
        while (true)
        {
            var (found, problem) = await Task.Run(() => Count(admin, topic), cancellationToken);
            if (found >= partitions || (found > 0 && refusal is not null))
            {
                return found;
            }

            if (time.GetElapsedTime(started) > timeout)
            {
                throw found > 0 || !problem.IsError
                    ? new EventStreamException($"{connection} created only {found} of {partitions} partitions of topic '{topic}'")
                    : problem.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic
                    ? new EventStreamException(
                        $"{connection} has no topic '{topic}' and did not create it ({refusal?.Reason ?? "no reason given"}): "
                            + $"create it with {partitions} partitions", problem)
                    : new EventStreamException($"{connection} does not describe topic '{topic}'; is the event hub running?", problem);
            }

            if (refusal is null && (found > 0 || problem.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic))
            {
                refusal = await CreateOrExtendAsync(admin, topic, found, partitions, logger, timeout).WaitAsync(cancellationToken);
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    private static (int Partitions, Error Problem) Count(IAdminClient admin, string topic)
    {
        try
        {
            var metadata = admin.GetMetadata(topic, QueryTimeout).Topics.Single(one => one.Topic == topic);
            return (metadata.Error.IsError ? 0 : metadata.Partitions.Count, metadata.Error);
        }
        catch (KafkaException failed)
        {
            return (0, failed.Error);
        }
    }

    /// <returns>The broker's error; null on success, or when another member is adding the partitions.</returns>
    private static async Task<Error?> CreateOrExtendAsync(
        IAdminClient admin, string topic, int found, int partitions, ILogger logger, TimeSpan timeout)
    {
        try
        {
            if (found == 0)
            {
                await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions }], new CreateTopicsOptions
                {
                    RequestTimeout = timeout,
                });
            }
            else
            {
                await admin.CreatePartitionsAsync(
                    [new PartitionsSpecification { Topic = topic, IncreaseTo = partitions }], new CreatePartitionsOptions
                    {
                        RequestTimeout = timeout,
                    });
            }

            logger.MembershipTopicCreated(topic, partitions);
            return null;
        }
        catch (CreateTopicsException refused)
        {
            return Reason(refused.Results[0].Error);
        }
        catch (CreatePartitionsException refused)
        {
            return Reason(refused.Results[0].Error);
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException($"Cannot create topic '{topic}', or extend it to {partitions} partitions", failed.Error);
        }

        Error? Reason(Error error)
        {
            if (error.Code is ErrorCode.TopicAlreadyExists or ErrorCode.InvalidPartitions)
            {
                return null; // another member was faster
            }

            logger.TopicNotCreated(topic, error.Reason);
            return error;
        }
    }
}
