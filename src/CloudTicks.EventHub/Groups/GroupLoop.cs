using System.Threading.Channels;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Groups;

/// <summary>
/// Runs one group: calls go through a bounded channel to a loop, so that the group needs no lock; one timer wakes it for the next
/// deadline. A caller who finds the channel full waits. The group's image is stored after the calls that changed it, one write at a
/// time, so that a storm of changes costs few. The loop ends by itself when nobody is in the group.
/// </summary>
internal sealed class GroupLoop : IAsyncDisposable
{
    private const int WaitingCalls = 256;
    private static readonly TimeSpan StoreAgain = TimeSpan.FromSeconds(1);

    private readonly Channel<GroupCall?> _calls = Channel.CreateBounded<GroupCall?>(
        new BoundedChannelOptions(WaitingCalls) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Group _group;
    private readonly Func<GroupSnapshot, Task> _store;
    private readonly Action<GroupLoop> _ended;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ITimer _timer;
    private readonly Task _running;
    private Task _storing = Task.CompletedTask;
    private volatile StoreOutcome _outcome = StoreOutcome.None;
    private bool _isStoring;
    private long _storingChange;
    private DateTimeOffset? _storeAt;

    /// <param name="id">The group.</param>
    /// <param name="image">What is stored of it, or null.</param>
    /// <param name="store">Makes an image durable, or throws a <see cref="LogUnavailableException"/>.</param>
    /// <param name="ended">Told once that the loop takes no more calls, because nobody is in the group.</param>
    /// <param name="memory">The bound that all groups share.</param>
    /// <param name="timing">The times that all groups keep to.</param>
    /// <param name="logger">Told of generations and of members that go silent.</param>
    public GroupLoop(
        string id, GroupSnapshot? image, Func<GroupSnapshot, Task> store, Action<GroupLoop> ended, GroupMemory memory,
        GroupTiming timing, TimeProvider time, ILogger logger)
    {
        Id = id;
        (_store, _ended, _time) = (store, ended, time);
        _began = time.GetTimestamp();
        _group = new Group(id, memory, timing, logger);
        if (image is not null)
        {
            _group.Restore(image, Now());
        }

        // The loop looks at the deadlines and at what is stored after every call, so a wake-up that finds the channel full is not needed.
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
        if (!_group.Idle)
        {
            Wake();
        }
    }

    public string Id { get; }

    /// <summary>Calls the group and waits for what the call answers, which may be later.</summary>
    public async Task<GroupResponse<T>> CallAsync<T>(Action<Group, DateTimeOffset, Action<T>> call, CancellationToken cancellationToken)
    {
        var waiting = new GroupCall<T>(call);
        try
        {
            await _calls.Writer.WriteAsync(waiting, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return default;
        }
        catch (OperationCanceledException)
        {
            Wake(); // a loop made for this call alone ends again
            throw;
        }

        return await waiting.Answered.WaitAsync(cancellationToken);
    }

    /// <summary>Has the loop look at its deadlines.</summary>
    public void Wake() => _calls.Writer.TryWrite(null);

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
            var now = Now();
            TakeOutcome(now);
            _group.Advance(now);
            call?.Run(_group, now);
            BeginStoring(now);
            if (_group.Idle && !_isStoring && _calls.Reader.Count == 0)
            {
                await EndAsync();
                break;
            }

            var wait = Earlier(_group.NextDeadline, _storeAt) - now;
            var due = wait is { } time
                ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(time.TotalMilliseconds)))
                : Timeout.InfiniteTimeSpan;
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }

        await _storing;
    }

    // Not the time of day, which somebody may set: members would all be silent for an hour, or gone ones stay for one.
    private DateTimeOffset Now() => DateTimeOffset.UnixEpoch + _time.GetElapsedTime(_began);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    /// <summary>Goes on with what waited for the disk. One that is full holds up no reader: the image is stored later.</summary>
    private void TakeOutcome(DateTimeOffset now)
    {
        switch (_outcome)
        {
            case StoreOutcome.Stored:
                _group.Changes.SetStored(_storingChange, now);
                break;
            case StoreOutcome.DiskFull:
                _storeAt = now + StoreAgain;
                _group.Changes.GoOn(now);
                break;
            default:
                return; // under way, or the hub ends and answers nobody
        }

        (_outcome, _isStoring) = (StoreOutcome.None, false);
    }

    private void BeginStoring(DateTimeOffset now)
    {
        if (!_isStoring && !_group.Changes.Settled && (_storeAt is null || _storeAt <= now))
        {
            (_isStoring, _storeAt, _storingChange) = (true, null, _group.Changes.Last);
            _storing = StoreAsync(_group.Image());
        }
    }

    private async Task StoreAsync(GroupSnapshot image)
    {
        try
        {
            await _store(image);
            _outcome = StoreOutcome.Stored;
        }
        catch (LogUnavailableException e)
        {
            _outcome = e.Reason == LogFailure.DiskFull ? StoreOutcome.DiskFull : StoreOutcome.HubEnds;
        }

        Wake();
    }

    private async ValueTask EndAsync()
    {
        _ended(this);
        _calls.Writer.TryComplete();
        await _timer.DisposeAsync();
        while (_calls.Reader.TryRead(out var late))
        {
            late?.Miss();
        }
    }

    private enum StoreOutcome
    {
        None,
        Stored,
        DiskFull,
        HubEnds,
    }
}
