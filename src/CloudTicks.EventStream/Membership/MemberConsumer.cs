using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Membership;

/// <summary>
/// One membership in the group, on a dedicated thread. While the group is reachable, revoked partitions are released before another member
/// gets them. While the group is unreachable, the member keeps its partitions.
/// </summary>
internal sealed class MemberConsumer : IDisposable
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan QueryTimeout = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan QueryInterval = TimeSpan.FromSeconds(1);

    private readonly GroupMemberOptions _options;
    private readonly HeldPartitions _held;
    private readonly SuspensionWatch _watch;
    private readonly Action<MemberState> _setState;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private Error? _fatal;
    private bool _isUnreachable;
    private long _queriedAt;

    /// <summary>False until the group assigns partitions; any partitions held until then are those of an earlier membership.</summary>
    private bool _isAssigned;
    private bool _isPauseDue;

    public MemberConsumer(
        EventStreamConnection connection, GroupMemberOptions options, HeldPartitions held, SuspensionWatch watch,
        Action<MemberState> setState,
        TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        (_options, _held, _watch, _setState, _time, _logger, _stopping) = (options, held, watch, setState, time, logger, stopping);
        var config = connection.ConsumerConfig(options.Group);
        config.GroupInstanceId = options.InstanceId;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs = (int)(options.SessionTimeout / 4).TotalMilliseconds;
        config.MaxPollIntervalMs = (int)(options.SessionTimeout * 5).TotalMilliseconds;
        config.TopicMetadataRefreshIntervalMs = 5_000; // the maximum delay until new partitions are found
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config)
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, error) => OnError(error))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnLost(partitions))
            .BuildFor(connection);
    }

    /// <returns>The error that ended the membership; null when the host stops or the process was suspended.</returns>
    public Error? Run()
    {
        _consumer.Subscribe(_options.Topic);
        while (!_stopping.IsCancellationRequested && !DropAfterSuspension())
        {
            try
            {
                _consumer.Consume(PollTimeout);
            }
            catch (ConsumeException failed)
            {
                OnError(failed.Error);
            }

            if (_fatal is not null)
            {
                return _fatal;
            }

            if (_isPauseDue)
            {
                _isPauseDue = false;
                _consumer.Pause(_consumer.Assignment); // records are never read
            }

            QueryRecovery();
        }

        return null;
    }

    /// <summary>
    /// Closes the client without leaving the group: a member that rejoins in time under the same name gets its partitions back.
    /// </summary>
    public void Dispose() => _consumer.Dispose();

    /// <summary>Drops the partitions immediately after a suspension: another member may hold them.</summary>
    private bool DropAfterSuspension()
    {
        if (_watch.Beat() is not { } pause)
        {
            return false;
        }

        _logger.MemberSuspended(_options.InstanceId, _options.Group, pause.TotalSeconds, _held.Current.Count);
        _setState(MemberState.Joining);
        SetHeldPartitions([]);
        return true;
    }

    private IEnumerable<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        _isUnreachable = false;
        _setState(MemberState.Joined);
        var assigned = partitions.Select(partition => partition.Partition.Value);
        SetHeldPartitions(_isAssigned ? assigned.Concat(_held.Current) : assigned);
        _isAssigned = _isPauseDue = true;
        return partitions.Select(partition => new TopicPartitionOffset(partition, 0));
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        SetHeldPartitions(_held.Current.Except(partitions.Select(partition => partition.Partition.Value)));
    }

    private void OnLost(List<TopicPartitionOffset> partitions)
    {
        _isAssigned = false;
        OnUnreachable();
        _logger.MemberKeepsPartitions(_options.InstanceId, _options.Group, partitions.Count);
    }

    /// <summary>
    /// Sets the held partitions and waits until the follower has released the others, up to the release timeout. The group continues only
    /// after this wait, so while it is reachable, two members hold the same partition only if the release is late.
    /// </summary>
    private void SetHeldPartitions(IEnumerable<int> partitions)
    {
        if (_held.Set(partitions))
        {
            _logger.MemberAssigned(_options.InstanceId, _options.Group, _held);
            if (!_held.WaitUntilReleased(_options.ReleaseTimeout))
            {
                _logger.MemberReleasedLate(_options.InstanceId, _options.Group, _options.ReleaseTimeout.TotalSeconds);
            }
        }
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            _fatal ??= error;
        }
        else if (error.Code is ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_Resolve)
        {
            OnUnreachable();
        }
    }

    private void OnUnreachable()
    {
        (_isUnreachable, _queriedAt) = (true, _time.GetTimestamp());
        _setState(MemberState.Unreachable);
    }

    /// <summary>
    /// Queries whether the event hub is reachable again. After an outage shorter than the session timeout, only a query shows the recovery.
    /// </summary>
    private void QueryRecovery()
    {
        if (!_isUnreachable || !_isAssigned || _time.GetElapsedTime(_queriedAt) < QueryInterval)
        {
            return;
        }

        try
        {
            _consumer.Committed([new TopicPartition(_options.Topic, 0)], QueryTimeout);
            _isUnreachable = false;
            _setState(MemberState.Joined);
        }
        catch (KafkaException)
        {
            _queriedAt = _time.GetTimestamp(); // still unreachable
        }
    }
}
