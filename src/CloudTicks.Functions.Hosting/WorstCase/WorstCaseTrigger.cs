using CloudTicks.Functions.Hosting.Invocation;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>
/// Injects faults into one function: leaves the group, restarts partitions before their checkpoints, and disrupts deliveries. Used on
/// the consumer's thread only.
/// </summary>
internal sealed class WorstCaseTrigger(WorstCaseOptions options, string function, TimeProvider time, ILogger logger)
{
    /// <summary>The probability of leaving the group, relative to other faults: low, so that partitions advance on average.</summary>
    private const double LeavingShare = 0.1;

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(5);

    private readonly Dice _dice = new(options, function);
    private readonly Dictionary<int, int> _assignmentCounts = [];

    /// <summary>
    /// Decides after each batch whether the consumer leaves the group, so that its partitions move to others or are assigned again.
    /// </summary>
    public bool Leaves()
    {
        var leaves = _dice.Hits(LeavingShare);
        if (leaves)
        {
            logger.Leaves(function);
        }

        return leaves;
    }

    /// <summary>Returns where a partition starts: at its checkpoint or before it, but not before the log's start.</summary>
    public TopicPartitionOffset Begin(IConsumer<byte[]?, byte[]?> consumer, TopicPartitionOffset checkpoint)
    {
        if (checkpoint.Offset < 0 || !_dice.Hits())
        {
            return checkpoint;
        }

        var low = consumer.QueryWatermarkOffsets(checkpoint.TopicPartition, QueryTimeout).Low.Value;
        var begin = Math.Min(checkpoint.Offset, Math.Max(low, checkpoint.Offset - _dice.NextInt(options.MaxEventsBack + 1)));
        logger.BeginsBefore(function, checkpoint.Partition, begin, checkpoint.Offset);
        return new TopicPartitionOffset(checkpoint.TopicPartition, begin);
    }

    /// <summary>
    /// Returns the delegate that delivers a partition's batches with faults. Each assignment of a partition has its own random sequence of
    /// faults.
    /// </summary>
    public BatchDelivery Deliver(int partition, BatchDelivery call)
    {
        var assignmentNumber = _assignmentCounts[partition] = _assignmentCounts.GetValueOrDefault(partition) + 1;
        var target = $"{function}/{partition}";
        return new WorstCaseDelivery(call, options, new Dice(options, $"{target} {assignmentNumber}"), target, time, logger).DeliverAsync;
    }
}
