using System.Threading.Channels;

namespace CloudTicks.EventHub.Groups;

/// <summary>
/// Runs one group: calls go through a bounded channel to a loop, so that the group needs no lock; one timer wakes it for the next
/// deadline. A caller who finds the channel full waits.
/// </summary>
internal sealed class GroupLoop : IAsyncDisposable
{
    private const int WaitingCalls = 256;

    private readonly Channel<Action<Group, DateTimeOffset>> _calls = Channel.CreateBounded<Action<Group, DateTimeOffset>>(
        new BoundedChannelOptions(WaitingCalls) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Group _group;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ITimer _timer;
    private readonly Task _running;

    public GroupLoop(string id, TimeProvider time, ILogger logger)
    {
        _group = new Group(id, logger);
        _time = time;
        _began = time.GetTimestamp();
        // The loop looks at the deadlines after every call, so a wake-up that finds the channel full is not needed.
        _timer = time.CreateTimer(_ => _calls.Writer.TryWrite(static (_, _) => { }), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
    }

    /// <summary>True when the group has nobody in it; read without the loop, so only a hint.</summary>
    public bool Idle { get; private set; } = true;

    /// <summary>Calls the group and waits for what the call answers, which may be later.</summary>
    public async Task<T> CallAsync<T>(Action<Group, DateTimeOffset, Action<T>> call, CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _calls.Writer.WriteAsync(
            (group, now) =>
            {
                try
                {
                    call(group, now, answer => answered.TrySetResult(answer));
                }
                catch (Exception e)
                {
                    answered.TrySetException(e);
                }
            },
            cancellationToken);
        return await answered.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Calls the group and returns what the call returns.</summary>
    public Task<T> CallAsync<T>(Func<Group, DateTimeOffset, T> call, CancellationToken cancellationToken) =>
        CallAsync<T>((group, now, answer) => answer(call(group, now)), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _calls.Writer.TryComplete();
        await _running;
        await _timer.DisposeAsync();
    }

    private async Task RunAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync())
        {
            // Not the time of day, which somebody may set: members would all be silent for an hour, or gone ones stay for one.
            var now = DateTimeOffset.UnixEpoch + _time.GetElapsedTime(_began);
            _group.Advance(now);
            call(_group, now);
            Idle = _group.Idle;
            var wait = _group.NextDeadline - now;
            _timer.Change(wait is { } due ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(due.TotalMilliseconds))) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
