using System.Collections.Concurrent;
using System.Text;
using Azure.Messaging.EventHubs;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Links;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>
/// Runs one Kafka consumer on the calling thread: reads events, passes them to workers, pauses partitions and stores checkpoints. The
/// thread waits for running functions only when partitions are revoked or lost, or the consumer stops.
/// </summary>
internal sealed class PartitionConsumer : IDisposable
{
    /// <summary>Maximum delay after a call until its checkpoint is stored and its paused partition is resumed.</summary>
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The maximum duration of a poll while no call runs. It delays only a stop, because events and rebalances end a poll.
    /// </summary>
    private static readonly TimeSpan IdlePollTimeout = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The timeout of a query after the event hub refused a checkpoint. It is longer, because an event hub that refuses is running and will
    /// probably answer.
    /// </summary>
    private static readonly TimeSpan RefusalQueryTimeout = TimeSpan.FromSeconds(3);

    private readonly TriggerRuntime _runtime;
    private readonly CancellationToken _stopping;
    private readonly Assignment _assignment;
    private readonly ConcurrentQueue<PartitionWorker> _progressedWorkers = new(); // Contains a worker at most once per batch.
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly HubReachability _reachability;
    private readonly CheckpointWatch _checkpoints;
    private bool _isLeaving;

    public PartitionConsumer(TriggerRuntime runtime, CancellationToken stopping)
    {
        _runtime = runtime;
        _stopping = stopping;
        (_reachability, _checkpoints) = (new HubReachability(runtime), new CheckpointWatch(runtime));
        _assignment = new Assignment(runtime, _progressedWorkers.Enqueue, stopping);
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(ConsumerSettings.Of(runtime))
            .SetLogHandler((_, line) => runtime.Logger.Forward(line))
            .SetErrorHandler((_, error) => _reachability.OnError(error))
            .SetOffsetsCommittedHandler((_, committed) => OnCommitted(committed))
            .SetPartitionsAssignedHandler((consumer, partitions) => Assign(consumer, partitions))
            .SetPartitionsRevokedHandler((consumer, partitions) => _assignment.Revoke(consumer, partitions))
            .SetPartitionsLostHandler((consumer, partitions) => HandleLost(consumer, partitions))
            .BuildFor(runtime.Trigger.Connection);
    }

    /// <summary>Reads until the host stops or, in worst-case mode, until the consumer randomly leaves the group.</summary>
    /// <exception cref="KafkaException">The client failed permanently.</exception>
    public void Run()
    {
        _consumer.Subscribe(_runtime.Trigger.Topic);
        var isIdle = false;
        while (!_stopping.IsCancellationRequested && !_isLeaving)
        {
            Checkpoint();
            _reachability.Remind(IsReachable, () => QueryWriteProblem(QueryTimeout));
            _checkpoints.Remind(() => QueryWriteProblem(RefusalQueryTimeout));
            try
            {
                if (_consumer.Consume(isIdle ? IdlePollTimeout : PollTimeout) is { } result)
                {
                    Deliver(result);
                    isIdle = false;
                }
                else
                {
                    isIdle = _progressedWorkers.IsEmpty && _assignment.IsIdle;
                }
            }
            catch (ConsumeException failed) when (!failed.Error.IsFatal)
            {
                OnReadError(failed);
            }
        }
    }

    /// <summary>Waits for running calls within the drain timeout, commits what is done and leaves the group.</summary>
    public void Dispose()
    {
        _assignment.RevokeAll(_consumer);
        _consumer.Close();
        _consumer.Dispose();
    }

    private void Deliver(ConsumeResult<byte[]?, byte[]?> result)
    {
        if (_assignment.WorkerOf(result.Partition) is not { } worker)
        {
            return; // The partition was revoked meanwhile; its new owner reads the event.
        }

        _reachability.OnResponse();
        worker.Buffer.Add(ToEvent(result));
        _runtime.Metrics.Received(_runtime.Name);
        if (worker.Buffer.IsFull)
        {
            _consumer.Pause([result.TopicPartition]);
            _assignment.SetPaused(result.Partition, true);
        }
    }

    /// <summary>Stores the function's progress, and resumes partitions whose buffers have space again.</summary>
    private void Checkpoint()
    {
        while (_progressedWorkers.TryDequeue(out var worker))
        {
            if (_assignment.WorkerOf(worker.Partition) != worker)
            {
                continue; // The worker belongs to an earlier assignment.
            }

            _assignment.Store(_consumer, worker);
            _isLeaving |= _runtime.Worst?.Leaves() ?? false;
            if (worker.Buffer.HasRoom && _assignment.SetPaused(worker.Partition, false))
            {
                _consumer.Resume([new TopicPartition(_runtime.Trigger.Topic, worker.Partition)]);
            }
        }
    }

    private static EventData ToEvent(ConsumeResult<byte[]?, byte[]?> result)
    {
        var properties = new Dictionary<string, object>();
        foreach (var header in result.Message.Headers ?? [])
        {
            properties[header.Key] = header.GetValueBytes() ?? [];
        }

        return new EventData(
            new BinaryData(result.Message.Value ?? []),
            properties,
            result.Offset.Value,
            result.Offset.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new DateTimeOffset(result.Message.Timestamp.UtcDateTime),
            result.Message.Key is { } key ? Encoding.UTF8.GetString(key) : null);
    }

    private void OnReadError(ConsumeException failed)
    {
        if (failed.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            var partition = failed.ConsumerRecord.Partition.Value;
            var text = $"{_runtime.Trigger.Topic}/{partition} does not contain the offset at which {_runtime.Name} continues " +
                $"(checkpoint of consumer group {_runtime.Trigger.ConsumerGroup}): the log ends before that offset or begins after it, " +
                "so events were deleted or the topic was recreated. Nothing is skipped: the partition makes no progress until the log is " +
                "restored, or the checkpoint is set manually and the host restarted.";
            _runtime.Health.Report(_runtime.Name, partition, HealthStatus.Unhealthy, text);
            _runtime.Logger.PositionDeleted(text);
            return;
        }

        _reachability.OnError(failed.Error);
    }

    private IEnumerable<TopicPartitionOffset> Assign(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartition> partitions)
    {
        var positions = _assignment.Assign(consumer, partitions);
        _reachability.OnResponse();
        return positions;
    }

    private void HandleLost(IConsumer<byte[]?, byte[]?> consumer, List<TopicPartitionOffset> partitions)
    {
        var isExplained = _reachability.ExplainsLosses;
        _assignment.HandleLost(consumer, partitions, isExplained);
        _reachability.OnLost(isLogged: !isExplained);
    }

    private bool IsReachable()
    {
        try
        {
            _consumer.Committed([new TopicPartition(_runtime.Trigger.Topic, 0)], QueryTimeout);
            return true;
        }
        catch (KafkaException)
        {
            return false;
        }
    }

    /// <summary>Returns why checkpoints cannot be written; null if the event hub gives no reason. Blocks briefly.</summary>
    private string? QueryWriteProblem(TimeSpan timeout) =>
        HubDisk.GetWriteProblemAsync(_runtime.Trigger.Connection, _consumer, timeout, _stopping).GetAwaiter().GetResult();

    private void OnCommitted(CommittedOffsets committed)
    {
        var error = committed.Error.IsError
            ? committed.Error
            : committed.Offsets.FirstOrDefault(offset => offset.Error.IsError)?.Error ?? committed.Error;
        if (error.IsError && (_reachability.ExplainsLosses || IsOvertaken(error.Code)))
        {
            _runtime.Logger.CheckpointOvertaken(_runtime.Name, _runtime.Trigger.Topic, error.Reason);
            return;
        }

        if (!error.IsError)
        {
            _checkpoints.OnAccepted();
        }
        else if (error.Code != ErrorCode.Local_NoOffset)
        {
            _checkpoints.OnRefused(error);
        }
    }

    /// <summary>Returns whether a commit failed because the partitions moved to another host or are being reassigned.</summary>
    private static bool IsOvertaken(ErrorCode code) =>
        code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress or ErrorCode.FencedInstanceId;
}
