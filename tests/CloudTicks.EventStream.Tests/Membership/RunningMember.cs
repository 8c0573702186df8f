using CloudTicks.EventStream.Membership;

namespace CloudTicks.EventStream.Tests.Membership;

/// <summary>A member whose follower records its calls.</summary>
internal sealed class RunningMember : IAsyncDisposable
{
    /// <summary>
    /// The session timeout. A member without a heartbeat for this long is considered dead, and a member that was suspended for half the
    /// timeout drops its partitions. The timeout is long, so that a busy machine causes neither.
    /// </summary>
    public static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _received = [];
    private readonly Func<IReadOnlySet<int>, Task> _onHeldChanged;
    private readonly Task _running;

    private RunningMember(GroupMember member, LogRecorder<GroupMember> log, Func<IReadOnlySet<int>, Task> follow)
    {
        (Member, Log, _onHeldChanged) = (member, log, follow);
        _running = Task.Run(() => member.RunAsync(FollowAsync, _stop.Token));
    }

    public GroupMember Member { get; }

    public LogRecorder<GroupMember> Log { get; }

    /// <summary>The sets of partitions that the follower received, each with the member's state at that time.</summary>
    public IReadOnlyList<string> Received
    {
        get
        {
            lock (_received)
            {
                return [.. _received];
            }
        }
    }

    public static RunningMember Start(
        EventStreamConnection connection, string topic, string name, TimeProvider? clock = null,
        Func<IReadOnlySet<int>, Task>? follow = null)
    {
        var options = new GroupMemberOptions(topic, $"group of {topic}", name)
        {
            SessionTimeout = SessionTimeout,
            ReleaseTimeout = SessionTimeout,
        };
        var log = new LogRecorder<GroupMember>();
        return new RunningMember(
            new GroupMember(connection, options, clock, TimeProvider.System, log), log, follow ?? (_ => Task.CompletedTask));
    }

    public Task UntilAsync(params int[] held) => UntilAsync(member => member.Held.SetEquals(held));

    public Task UntilAsync(MemberState state) => UntilAsync(member => member.State == state);

    public async Task UntilAsync(Func<GroupMember, bool> reached)
    {
        using var poll = new PeriodicTimer(PollInterval);
        while (!reached(Member))
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the follower has received the held partitions.</summary>
    public Task UntilReceivedAsync() =>
        UntilAsync(member => Received is [.., var last] && last.EndsWith($": {Text(member.Held)}", StringComparison.Ordinal));

    /// <summary>
    /// Ends without leaving the group, like a killed process. The log stays open, because the member's thread may still write to it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(_running);
            _stop.Dispose();
        }
    }

    private async Task FollowAsync(IReadOnlySet<int> held, CancellationToken cancellationToken)
    {
        lock (_received)
        {
            _received.Add($"{Member.State}: {Text(held)}");
        }

        await _onHeldChanged(held);
    }

    private static string Text(IReadOnlySet<int> held) => string.Join(",", held.Order());
}
