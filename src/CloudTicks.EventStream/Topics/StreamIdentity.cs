using CloudTicks.EventStream.Links;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Topics;

/// <summary>
/// Determines the identity of a stream, the value of <c>stream_offsets.stream</c>. On the CloudTicks event hub a recreated topic has a new
/// identity.
/// </summary>
public static class StreamIdentity
{
    /// <summary>The read-only topic setting with the cluster id of the CloudTicks event hub (32 hex digits).</summary>
    internal const string ClusterIdSetting = "cloudticks.cluster.id";

    /// <summary>The read-only topic setting with the topic id of the CloudTicks event hub (32 hex digits).</summary>
    internal const string TopicIdSetting = "cloudticks.topic.id";

    /// <summary>
    /// Queries the identity: <c>kafka:{cluster}:{topic id}</c> for the CloudTicks event hub, <c>eventhubs:{namespace}/{hub}</c> for Event
    /// Hubs, <c>eventhubs-emulator:{hub}:{creation time}</c> for its emulator, and <c>kafka:{bootstrap servers}:{topic}</c> for any other
    /// Kafka broker and for one that refuses to describe the topic, with a warning.
    /// </summary>
    /// <param name="topic">The topic, which must exist.</param>
    /// <exception cref="EventStreamException">
    /// The broker does not answer, the client cannot log in, or the topic does not exist. In these cases the identity is not guessed: with
    /// a wrong identity, all records would be processed again.
    /// </exception>
    public static async Task<string> ResolveAsync(
        EventStreamConnection connection, string topic, ILogger logger, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (connection.IsEventHubs)
        {
            return $"eventhubs:{connection.EventHubsNamespace}/{topic}";
        }

        if (StreamProtocol.ReaderOf(connection) is { } reader)
        {
            return await reader.IdentifyAsync(topic, cancellationToken);
        }

        using var adminConnection = connection.OpenAdmin(logger);
        var admin = adminConnection.Client;
        string reason;
        try
        {
            var descriptions = await admin.DescribeConfigsAsync(
                    [new ConfigResource { Type = ResourceType.Topic, Name = topic }], new DescribeConfigsOptions
                    {
                        RequestTimeout = timeout,
                    })
                .WaitAsync(cancellationToken);
            var entries = descriptions[0].Entries;
            if (entries.TryGetValue(ClusterIdSetting, out var cluster) && entries.TryGetValue(TopicIdSetting, out var id))
            {
                return $"kafka:{cluster.Value}:{id.Value}";
            }

            reason = "it is not CloudTicks.EventHub";
        }
        catch (DescribeConfigsException refused) when (IsRefusal(refused.Results[0].Error.Code))
        {
            reason = refused.Results[0].Error.Reason;
        }
        catch (DescribeConfigsException failed)
        {
            throw new EventStreamException(
                $"{connection} does not describe topic '{topic}': create it if it does not exist", failed.Results[0].Error);
        }
        catch (KafkaException refused) when (IsRefusal(refused.Error.Code))
        {
            reason = refused.Error.Reason;
        }
        catch (KafkaException failed)
        {
            throw new EventStreamException(
                $"{connection} did not describe topic '{topic}' within {timeout.TotalSeconds:0} s", failed.Error);
        }

        logger.NoStreamIdentity(connection, topic, reason);
        return $"kafka:{connection.BootstrapServers}:{topic}";
    }

    /// <summary>Whether the error is a permanent refusal by a reachable broker.</summary>
    private static bool IsRefusal(ErrorCode code) => code is
        ErrorCode.Local_UnsupportedFeature or ErrorCode.UnsupportedVersion or
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed;
}
