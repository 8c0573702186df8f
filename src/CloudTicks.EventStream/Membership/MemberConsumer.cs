using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Membership;

/// <summary>
/// One life of a member in its group, all on one thread that does nothing but answer the group. Partitions that are taken away while the
/// group can be asked are given up before somebody else gets them; when it cannot be asked they are kept.
/// </summary>
internal sealed class MemberConsumer : IDisposable
{
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AskTime = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan BetweenAsks = TimeSpan.FromSeconds(1);

    private readonly GroupMemberOptions _options;
    private readonly HeldPartitions _held;
    private readonly SuspensionWatch _watch;
    private readonly Action<MemberState> _setState;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private Error? _fatal;
    private bool _isAway;
    private long _askedAt;

    /// <summary>What is held was given by the group in this life; otherwise it is kept until the group says what holds now.</summary>
    private bool _isGiven;
    private bool _isNew;

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
        config.TopicMetadataRefreshIntervalMs = 5_000; // more partitions are noticed this soon
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config)
            .SetLogHandler((_, line) => logger.Forward(line))
            .SetErrorHandler((_, error) => OnError(error))
            .SetPartitionsAssignedHandler((_, partitions) => Take(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => GiveUp(partitions))
            .SetPartitionsLostHandler((_, partitions) => Keep(partitions))
            .BuildFor(connection);
    }

    /// <returns>Why it ended; null when the host stops or the process stood still.</returns>
    public Error? Run()
    {
        _consumer.Subscribe(_options.Topic);
        while (!_stopping.IsCancellationRequested && !StoodStill())
        {
            try
            {
                _consumer.Consume(PollTime);
            }
            catch (ConsumeException failed)
            {
                OnError(failed.Error);
            }

            if (_fatal is not null)
            {
                return _fatal;
            }

            if (_isNew)
            {
                _isNew = false;
                _consumer.Pause(_consumer.Assignment); // nothing is ever read
            }

            AskWhetherBack();
        }

        return null;
    }

    /// <summary>Leaves without a word: who comes back in time under the same name finds what it had.</summary>
    public void Dispose() => _consumer.Dispose();

    /// <summary>Somebody else may have what is held: it is dropped at once, before the group is asked anything.</summary>
    private bool StoodStill()
    {
        if (_watch.Beat() is not { } pause)
        {
            return false;
        }

        _logger.MemberStoodStill(_options.InstanceId, _options.Group, pause.TotalSeconds, _held.Now.Count);
        _setState(MemberState.Joining);
        Hold([]);
        return true;
    }

    private IEnumerable<TopicPartitionOffset> Take(List<TopicPartition> partitions)
    {
        _isAway = false;
        _setState(MemberState.Joined);
        var given = partitions.Select(partition => partition.Partition.Value);
        Hold(_isGiven ? given.Concat(_held.Now) : given);
        _isGiven = _isNew = true;
        return partitions.Select(partition => new TopicPartitionOffset(partition, 0));
    }

    private void GiveUp(List<TopicPartitionOffset> partitions)
    {
        Hold(_held.Now.Except(partitions.Select(partition => partition.Partition.Value)));
    }

    private void Keep(List<TopicPartitionOffset> partitions)
    {
        _isGiven = false;
        OnAway();
        _logger.MemberKeeps(_options.InstanceId, _options.Group, partitions.Count);
    }

    /// <summary>The group goes on only when what is no longer held was let go of: so two never have it when both are alive.</summary>
    private void Hold(IEnumerable<int> partitions)
    {
        if (_held.Set(partitions))
        {
            _logger.MemberHolds(_options.InstanceId, _options.Group, _held);
            if (!_held.WaitUntilLetGo(_options.ReleaseTimeout))
            {
                _logger.MemberFollowedLate(_options.InstanceId, _options.Group, _options.ReleaseTimeout.TotalSeconds);
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
            OnAway();
        }
    }

    private void OnAway()
    {
        (_isAway, _askedAt) = (true, _time.GetTimestamp());
        _setState(MemberState.Away);
    }

    /// <summary>When the hub was away for less than the session, nothing else tells that it is back.</summary>
    private void AskWhetherBack()
    {
        if (!_isAway || !_isGiven || _time.GetElapsedTime(_askedAt) < BetweenAsks)
        {
            return;
        }

        try
        {
            _consumer.Committed([new TopicPartition(_options.Topic, 0)], AskTime);
            _isAway = false;
            _setState(MemberState.Joined);
        }
        catch (KafkaException)
        {
            _askedAt = _time.GetTimestamp(); // still away
        }
    }
}
