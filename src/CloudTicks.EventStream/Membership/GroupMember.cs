using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Membership;

/// <summary>
/// A member of a consumer group for the sake of its assignment alone: the partitions of a topic without records stand for work that several
/// processes share. A member is static: a restart within the session timeout keeps what it had, a longer absence hands it over. While the
/// event hub is away a member keeps what it has, so that two may hold the same for a while. A process that stood still for longer than half
/// the session timeout first drops all that it held and then joins again.
/// </summary>
/// <param name="clock">Tells a pause of this process; null for one that goes on while the machine sleeps.</param>
public sealed class GroupMember(
    EventStreamConnection connection, GroupMemberOptions options, TimeProvider? clock, TimeProvider time, ILogger<GroupMember> logger)
{
    private static readonly TimeSpan BetweenLives = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    private readonly HeldPartitions _held = new();
    private volatile MemberState _state = MemberState.Joining;

    /// <summary>The partitions that are held now.</summary>
    public IReadOnlySet<int> Held => _held.Now;

    /// <summary>Where the member stands.</summary>
    public MemberState State => _state;

    /// <summary>Is a member until it is cancelled.</summary>
    /// <param name="follow"> Called with all that is held, whenever that has changed, one call at a time. The group waits up to
    /// <see cref="GroupMemberOptions.ReleaseTimeout"/> for it before others get what is no longer held. </param>
    public async Task RunAsync(Func<IReadOnlySet<int>, CancellationToken, Task> follow, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Live(ended, ending.Token)) { IsBackground = true, Name = $"member of {options.Group}" }.Start();
        try
        {
            await _held.FollowAsync(follow, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            // A client that does not end must not keep the process from ending.
            await Task.WhenAny(ended.Task, Task.Delay(EndTime, time, CancellationToken.None));
        }
    }

    private void Live(TaskCompletionSource ended, CancellationToken stopping)
    {
        var watch = new SuspensionWatch(clock ?? BootTime.Instance, options.SessionTimeout / 2);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                using var consumer = new MemberConsumer(connection, options, _held, watch, state => _state = state, time, logger, stopping);
                if (consumer.Run() is { } fatal)
                {
                    OnFatal(fatal, stopping);
                }
            }
            catch (KafkaException failed)
            {
                logger.MemberFailed(options.InstanceId, options.Group, failed.Error.Reason);
                stopping.WaitHandle.WaitOne(BetweenLives);
            }
        }

        ended.SetResult();
    }

    private void OnFatal(Error fatal, CancellationToken stopping)
    {
        if (fatal.Code != ErrorCode.FencedInstanceId)
        {
            logger.MemberFailed(options.InstanceId, options.Group, fatal.Reason);
            stopping.WaitHandle.WaitOne(BetweenLives);
            return;
        }

        logger.MemberReplaced(options.InstanceId, options.Group);
        _held.Set([]);
        _state = MemberState.Replaced;
        stopping.WaitHandle.WaitOne();
    }
}
