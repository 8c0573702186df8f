using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Membership;

/// <summary>The topic whose partitions a group shares out; it holds no records.</summary>
public static class MembershipTopic
{
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OneAsk = TimeSpan.FromSeconds(2);

    /// <summary>Makes the topic, or gives it more partitions; it never loses any.</summary>
    /// <param name="partitions">Partitions that it is to have, at least 1.</param>
    /// <returns>The partitions that it has: more when it had more, fewer when the broker makes no more (Event Hubs, of the cheaper
    /// tiers).</returns>
    /// <exception cref="EventStreamException">The broker does not answer in time, or the topic is missing and could not be
    /// made.</exception>
    public static async Task<int> EnsureAsync(
        EventStreamConnection connection, string topic, int partitions, ILogger logger, TimeSpan timeout, TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var opened = connection.OpenAdmin(logger);
        var admin = opened.Client;
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
                throw found == 0 && problem.IsError
                    ? new EventStreamException(
                        $"{connection} has no topic '{topic}'; make it with {partitions} partitions "
                            + $"({refusal?.Reason ?? "no reason given"})", problem)
                    : new EventStreamException($"{connection} has given topic '{topic}' {found} of {partitions} partitions");
            }

            if (refusal is null && (found > 0 || problem.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic))
            {
                refusal = await GrowAsync(admin, topic, found, partitions, logger, timeout).WaitAsync(cancellationToken);
            }

            await Task.Delay(BetweenAsks, time, cancellationToken);
        }
    }

    private static (int Partitions, Error Problem) Count(IAdminClient admin, string topic)
    {
        try
        {
            var metadata = admin.GetMetadata(topic, OneAsk).Topics.Single(one => one.Topic == topic);
            return (metadata.Error.IsError ? 0 : metadata.Partitions.Count, metadata.Error);
        }
        catch (KafkaException failed)
        {
            return (0, failed.Error);
        }
    }

    /// <returns>Why the broker did not; null when it did, or somebody else just does.</returns>
    private static async Task<Error?> GrowAsync(
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

            logger.MembershipTopicMade(topic, partitions);
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
            throw new EventStreamException($"topic '{topic}' could not be given {partitions} partitions", failed.Error);
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
