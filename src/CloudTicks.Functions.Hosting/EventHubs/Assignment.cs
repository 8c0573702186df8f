using Confluent.Kafka;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>This host's partitions and their workers. All calls, including rebalances, are made on the consumer's thread.</summary>
internal sealed class Assignment(TriggerRuntime runtime, Action<PartitionWorker> onProgress, CancellationToken stopping)
{
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QueryRetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AbortTimeout = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, AssignedPartition> _assigned = [];

    public PartitionWorker? WorkerOf(int partition) => _assigned.TryGetValue(partition, out var held) ? held.Worker : null;

    /// <summary>Whether every event that was passed to a worker is done, and no partition is paused.</summary>
    public bool IsIdle => _assigned.Values.All(static held => !held.IsPaused && held.Worker.Buffer.IsEmpty);

    public bool SetPaused(int partition, bool paused)
    {
        var held = _assigned[partition];
        var changed = held.IsPaused != paused;
        held.IsPaused = paused;
        return changed;
    }

    /// <summary>Starts a worker for each partition.</summary>
    /// <returns>The start offset of each: its checkpoint, or the oldest event if there is none.</returns>
    public IEnumerable<TopicPartitionOffset> Assign(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> partitions)
    {
        var positions = ReadCheckpoints(consumer, partitions)
            .Select(checkpoint => runtime.Worst?.Begin(consumer, checkpoint) ?? checkpoint)
            .Select(checkpoint => new TopicPartitionOffset(
                checkpoint.TopicPartition, checkpoint.Offset >= 0 ? checkpoint.Offset : Offset.Beginning))
            .ToList();
        var maxBytes = runtime.Options.MaxBufferedBytes / Math.Max(1, partitions.Count);
        foreach (var partition in partitions)
        {
            _assigned[partition.Partition] = new AssignedPartition(new PartitionWorker(runtime, partition.Partition, maxBytes, onProgress));
        }

        runtime.Logger.Assigned(runtime.Name, partitions.Count, runtime.Trigger.Topic);
        return positions;
    }

    /// <summary>Stores the worker's progress for the client's next commit.</summary>
    public void Store(IConsumer<byte[]?, byte[]?> consumer, PartitionWorker worker)
    {
        var next = worker.NextOffset;
        if (next >= 0)
        {
            consumer.StoreOffset(new TopicPartitionOffset(runtime.Trigger.Topic, worker.Partition, next));
        }
    }

    /// <summary>
    /// Stops the partitions, and commits their progress before another host gets them. Running calls may finish within the drain timeout.
    /// </summary>
    public void Revoke(IConsumer<byte[]?, byte[]?> consumer, IEnumerable<TopicPartitionOffset> partitions)
    {
        var held = Remove(partitions.Select(partition => partition.Partition.Value));
        if (held.Count == 0)
        {
            return;
        }

        runtime.Logger.Revoked(runtime.Name, held.Count, runtime.Trigger.Topic);
        Drain(held, runtime.Worst is null ? runtime.Options.DrainTimeout : TimeSpan.Zero);
        Unpause(consumer, held);
        var doneOffsets = held
            .Where(one => one.Worker.NextOffset >= 0)
            .Select(one => new TopicPartitionOffset(runtime.Trigger.Topic, one.Worker.Partition, one.Worker.NextOffset))
            .ToList();
        if (doneOffsets.Count == 0)
        {
            return;
        }

        try
        {
            // Store the offsets as well: the client commits its stored offsets when it releases the partitions, and outdated ones would
            // move the checkpoints back.
            held.ForEach(one => Store(consumer, one.Worker));
            consumer.Commit(doneOffsets);
        }
        catch (KafkaException failed)
        {
            runtime.Logger.CheckpointFailed(runtime.Name, runtime.Trigger.Topic, failed.Error.Reason);
        }
    }

    public void RevokeAll(IConsumer<byte[]?, byte[]?> consumer) => Revoke(
        consumer, [.. _assigned.Keys.Select(partition => new TopicPartitionOffset(runtime.Trigger.Topic, partition, Offset.Unset))]);

    /// <summary>
    /// Cancels the running calls of lost partitions. Commits nothing, because another host may own the partitions already.
    /// </summary>
    /// <param name="consumer">Its stored, uncommitted offsets are discarded.</param>
    public void HandleLost(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartitionOffset> partitions, bool isExplained)
    {
        ClearStoredOffsets(consumer, partitions);
        var held = Remove(partitions.Select(partition => partition.Partition.Value));
        if (held.Count > 0)
        {
            if (isExplained)
            {
                runtime.Logger.LostByOutage(runtime.Name, held.Count, runtime.Trigger.Topic);
            }
            else
            {
                runtime.Logger.Lost(runtime.Name, held.Count, runtime.Trigger.Topic);
            }

            Drain(held, TimeSpan.Zero);
            Unpause(consumer, held);
        }
    }

    /// <summary>
    /// Resumes removed partitions: the client keeps them paused, so they would not be read again if this host got them back.
    /// </summary>
    private void Unpause(IConsumer<byte[]?, byte[]?> consumer, IEnumerable<AssignedPartition> held) => consumer.Resume(
        held.Where(one => one.IsPaused).Select(one => new TopicPartition(runtime.Trigger.Topic, one.Worker.Partition)));

    /// <summary>
    /// Clears the stored offsets of lost partitions, which unassigning would otherwise commit although this host no longer owns them.
    /// </summary>
    private void ClearStoredOffsets(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartitionOffset> partitions)
    {
        foreach (var partition in partitions)
        {
            try
            {
                consumer.StoreOffset(new TopicPartitionOffset(partition.TopicPartition, Offset.Unset));
            }
            catch (KafkaException failed)
            {
                runtime.Logger.CheckpointOvertaken(runtime.Name, runtime.Trigger.Topic, failed.Error.Reason);
            }
        }
    }

    private List<AssignedPartition> Remove(IEnumerable<int> partitions)
    {
        var removed = new List<AssignedPartition>();
        foreach (var partition in partitions)
        {
            if (_assigned.Remove(partition, out var held))
            {
                removed.Add(held);
            }
        }

        return removed;
    }

    /// <summary>
    /// Stops the workers, and aborts the calls that still run after the grace period. Blocking is safe: the thread serves only the
    /// consumer.
    /// </summary>
    private void Drain(List<AssignedPartition> held, TimeSpan grace)
    {
        var running = held.ConvertAll(one => one.Worker.Completion).ToArray();
        held.ForEach(one => one.Worker.Stop());
        if (!Task.WaitAll(running, grace))
        {
            held.ForEach(one => one.Worker.Abort());
            Task.WaitAll(running, AbortTimeout);
        }

        foreach (var worker in held.Select(one => one.Worker))
        {
            if (worker.Completion.IsCompleted)
            {
                worker.Dispose();
            }
            else
            {
                runtime.Logger.InvocationAbandoned(runtime.Name, runtime.Trigger.Topic, worker.Partition);
            }
        }
    }

    /// <summary>
    /// Reads the checkpoints, and retries until the event hub responds, because a guessed offset would skip or repeat events. A partition
    /// without a checkpoint has a negative offset.
    /// </summary>
    private List<TopicPartitionOffset> ReadCheckpoints(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> partitions)
    {
        var isLogged = false;
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                return consumer.Committed(partitions, QueryTimeout);
            }
            catch (KafkaException failed)
            {
                if (!isLogged)
                {
                    isLogged = true;
                    runtime.Logger.CheckpointsUnknown(runtime.Name, runtime.Trigger.Connection, runtime.Trigger.Topic, failed.Error.Reason);
                }

                stopping.WaitHandle.WaitOne(QueryRetryDelay);
            }
        }
    }

    private sealed class AssignedPartition(PartitionWorker worker)
    {
        public PartitionWorker Worker => worker;

        public bool IsPaused { get; set; }
    }
}
