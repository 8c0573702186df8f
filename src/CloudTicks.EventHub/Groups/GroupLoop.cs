using System.Threading.Channels;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Groups;

/// <summary>
/// Runs one group. Calls go through a bounded channel to one loop, so the group needs no lock; a timer wakes the loop for the next
/// deadline. A caller waits while the channel is full. The group's snapshot is stored after calls that changed the group, one write at a
/// time, so that a burst of changes needs few writes. The loop ends when the group is empty.
/// </summary>
internal sealed class GroupLoop : IAsyncDisposable
{
    private const int MaxQueuedCalls = 256;
    private static readonly TimeSpan StoreRetryDelay = TimeSpan.FromSeconds(1);

    private readonly Channel<GroupCall?> _calls = Channel.CreateBounded<GroupCall?>(
        new BoundedChannelOptions(MaxQueuedCalls) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Group _group;
    private readonly Func<GroupSnapshot, Task> _store;
    private readonly Action<GroupLoop> _onEnded;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private readonly Task _running;
    private Task _storing = Task.CompletedTask;
    private volatile StoreOutcome _outcome = StoreOutcome.None;
    private bool _isStoring;
    private long _storingChange;
    private DateTimeOffset? _storeAt;

    /// <param name="id">The group's id.</param>
    /// <param name="snapshot">The stored snapshot; null when there is none.</param>
    /// <param name="store">Makes a snapshot durable, or throws a <see cref="LogUnavailableException"/>.</param>
    /// <param name="onEnded">Called once when the loop ends because the group is empty.</param>
    /// <param name="memory">The memory limit that all groups share.</param>
    /// <param name="timing">The timeouts of all groups.</param>
    /// <param name="logger">Logs generations and expired members.</param>
    public GroupLoop(
        string id, GroupSnapshot? snapshot, Func<GroupSnapshot, Task> store, Action<GroupLoop> onEnded, GroupMemory memory,
        GroupTiming timing, TimeProvider time, ILogger logger)
    {
        Id = id;
        (_store, _onEnded, _time) = (store, onEnded, time);
        _startedAt = time.GetTimestamp();
        _group = new Group(id, memory, timing, logger);
        if (snapshot is not null)
        {
            _group.Restore(snapshot, Now());
        }

        // The loop checks deadlines and the stored state after every call, so a wake-up may be dropped when the channel is full.
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
        if (!_group.IsIdle)
        {
            Wake();
        }
    }

    public string Id { get; }

    /// <summary>Calls the group and waits for the response.</summary>
    public async Task<GroupResponse<T>> CallAsync<T>(Action<Group, DateTimeOffset, Action<T>> call, CancellationToken cancellationToken)
    {
        var queuedCall = new GroupCall<T>(call);
        try
        {
            await _calls.Writer.WriteAsync(queuedCall, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return default;
        }
        catch (OperationCanceledException)
        {
            Wake(); // ends a loop that was started only for this call
            throw;
        }

        return await queuedCall.Response.WaitAsync(cancellationToken);
    }

    /// <summary>Makes the loop check its deadlines.</summary>
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
            ApplyStoreOutcome(now);
            _group.Advance(now);
            call?.Run(_group, now);
            StartStoring(now);
            if (_group.IsIdle && !_isStoring && _calls.Reader.Count == 0)
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

    // The elapsed time, not the wall clock: a change of the wall clock could expire all members, or keep expired members.
    private DateTimeOffset Now() => DateTimeOffset.UnixEpoch + _time.GetElapsedTime(_startedAt);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    /// <summary>
    /// Continues the calls that waited for the snapshot to be stored. A full disk delays no consumer: the snapshot is then stored later.
    /// </summary>
    private void ApplyStoreOutcome(DateTimeOffset now)
    {
        switch (_outcome)
        {
            case StoreOutcome.Stored:
                _group.Changes.SetStored(_storingChange, now);
                break;
            case StoreOutcome.DiskFull:
                _storeAt = now + StoreRetryDelay;
                _group.Changes.ReleaseWaiting(now);
                break;
            default:
                return; // in progress, or the event hub is stopping and sends no responses
        }

        (_outcome, _isStoring) = (StoreOutcome.None, false);
    }

    private void StartStoring(DateTimeOffset now)
    {
        if (!_isStoring && !_group.Changes.IsSettled && (_storeAt is null || _storeAt <= now))
        {
            (_isStoring, _storeAt, _storingChange) = (true, null, _group.Changes.Last);
            _storing = StoreAsync(_group.Snapshot());
        }
    }

    private async Task StoreAsync(GroupSnapshot snapshot)
    {
        try
        {
            await _store(snapshot);
            _outcome = StoreOutcome.Stored;
        }
        catch (LogUnavailableException e)
        {
            _outcome = e.Reason == LogFailure.DiskFull ? StoreOutcome.DiskFull : StoreOutcome.HubStopping;
        }

        Wake();
    }

    private async ValueTask EndAsync()
    {
        _onEnded(this);
        _calls.Writer.TryComplete();
        await _timer.DisposeAsync();
        while (_calls.Reader.TryRead(out var call))
        {
            call?.Reject();
        }
    }

    private enum StoreOutcome
    {
        None,
        Stored,
        DiskFull,
        HubStopping,
    }
}
