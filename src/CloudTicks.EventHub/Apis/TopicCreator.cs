using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>Creates a topic for CreateTopics and for Metadata.</summary>
internal static class TopicCreator
{
    public static async Task<ErrorCode> CreateAsync(BrokerNode broker, string name, int partitions, TopicSettings settings)
    {
        var creation = new TopicCreation(broker.Storage.Topics, name, partitions, settings);
        broker.Storage.Log.Enqueue(creation);
        try
        {
            var error = await creation.Completion;
            if (error == ErrorCode.None)
            {
                broker.Logger.TopicCreated(name, partitions);
                await broker.Groups.OnTopicCreatedAsync(name);
            }

            return error;
        }
        catch (LogUnavailableException e) when (e.Reason == LogFailure.DiskFull)
        {
            return ErrorCode.StorageError;
        }
    }
}
