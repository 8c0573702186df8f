using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Membership;

/// <summary>
/// A member of a consumer group that reads no records. The partitions of an empty topic represent work that several processes divide.
/// Membership is static: a member that restarts within the session timeout keeps its partitions; after a longer absence, other members get
/// them. While the event hub is unreachable a member keeps its partitions, so two members may hold the same partition for a while. A
/// process that was suspended for longer than half the session timeout first drops all its partitions and then rejoins.
/// </summary>
/// <param name="clock">Measures suspensions of this process; null for a clock that continues while the machine sleeps.</param>
public sealed class GroupMember(
    EventStreamConnection connection, GroupMemberOptions options, TimeProvider? clock, TimeProvider time, ILogger<GroupMember> logger)
{
    private static readonly TimeSpan RejoinDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly HeldPartitions _held = new();
    private volatile MemberState _state = MemberState.Joining;

    /// <summary>The partitions that the member holds.</summary>
    public IReadOnlySet<int> Held => _held.Current;

    /// <summary>The state of the membership.</summary>
    public MemberState State => _state;

    /// <summary>Keeps the process in the group until the call is cancelled.</summary>
    /// <param name="follow">Receives all held partitions when they have changed, one call at a time; after a slow call, only the newest
    /// set. The group waits up to <see cref="GroupMemberOptions.ReleaseTimeout"/> for the call before it assigns the released partitions to
    /// other members.</param>
    public async Task RunAsync(Func<IReadOnlySet<int>, CancellationToken, Task> follow, CancellationToken cancellationToken)
    {
        var endCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var endSignal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => RunMember(endSignal, endCancellation.Token)) { IsBackground = true, Name = $"member of {options.Group}" }.Start();
        try
        {
            await _held.FollowAsync(follow, cancellationToken);
        }
        finally
        {
            await endCancellation.CancelAsync();
            // A client that hangs while it closes must not keep the process from ending.
            await Task.WhenAny(endSignal.Task, Task.Delay(CloseTimeout, time, CancellationToken.None));
            if (endSignal.Task.IsCompleted)
            {
                endCancellation.Dispose(); // not before: the thread uses it until it ends
            }
        }
    }

    private void RunMember(TaskCompletionSource endSignal, CancellationToken stopping)
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
                stopping.WaitHandle.WaitOne(RejoinDelay);
            }
        }

        endSignal.SetResult();
    }

    private void OnFatal(Error fatal, CancellationToken stopping)
    {
        if (fatal.Code != ErrorCode.FencedInstanceId)
        {
            logger.MemberFailed(options.InstanceId, options.Group, fatal.Reason);
            stopping.WaitHandle.WaitOne(RejoinDelay);
            return;
        }

        logger.MemberReplaced(options.InstanceId, options.Group);
        _held.Set([]);
        _state = MemberState.Replaced;
        stopping.WaitHandle.WaitOne();
    }
}
