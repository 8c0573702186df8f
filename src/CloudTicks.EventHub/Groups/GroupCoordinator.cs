using System.Collections.Concurrent;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>
/// Owns the loops of all active groups, and limits the number of groups. After a restart of the event hub, each member gets a full session
/// timeout.
/// </summary>
internal sealed class GroupCoordinator : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, GroupLoop> _loops = new(StringComparer.Ordinal);
    private readonly GroupMemory _memory = new();
    private readonly Lock _gate = new();
    private readonly StoredGroups _stored;
    private readonly CommittedOffsets _offsets;
    private readonly WriteAheadLog _log;
    private readonly TimeProvider _time;
    private readonly int _maxGroups;
    private readonly GroupTiming _timing;
    private readonly ILogger _logger;
    private volatile bool _stopped;

    public GroupCoordinator(
        StoredGroups stored, CommittedOffsets offsets, WriteAheadLog log, TimeProvider time, int maxGroups, GroupTiming timing,
        ILogger logger)
    {
        (_stored, _offsets, _log, _time, _maxGroups, _timing, _logger) = (stored, offsets, log, time, maxGroups, timing, logger);
        foreach (var snapshot in stored.All.Where(g => g.Members.Count > 0))
        {
            _loops[snapshot.Id] = Begin(snapshot.Id);
        }
    }

    /// <summary>The groups with members or with committed offsets.</summary>
    public IReadOnlyCollection<string> Ids => [.. _loops.Keys.Union(_offsets.Groups, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public bool Contains(string id) => _loops.ContainsKey(id) || _offsets.Has(id);

    /// <summary>True when a group may commit offsets: it already has some, or the limit of groups with offsets is not reached.</summary>
    public bool HasRoomFor(string id) => _offsets.Has(id) || _offsets.Count < _maxGroups;

    /// <summary>Calls an active group; returns <paramref name="fallback"/> when the group is not active.</summary>
    /// <param name="call">The call; it may respond later.</param>
    public async Task<T> CallAsync<T>(
        string id, Action<Group, DateTimeOffset, Action<T>> call, T fallback, CancellationToken cancellationToken)
    {
        while (_loops.TryGetValue(id, out var loop) && !_stopped)
        {
            if (await loop.CallAsync(call, cancellationToken) is { HasValue: true } response)
            {
                return response.Value;
            }
        }

        return fallback;
    }

    /// <summary>Calls an active group with a function that responds at once.</summary>
    public Task<T> CallAsync<T>(string id, Func<Group, DateTimeOffset, T> call, T fallback, CancellationToken cancellationToken) =>
        CallAsync(id, (group, now, respond) => respond(call(group, now)), fallback, cancellationToken);

    /// <summary>Calls a group, which is created if it does not exist.</summary>
    public async Task<T> CallOrCreateAsync<T>(
        string id, Action<Group, DateTimeOffset, Action<T>> call, T whenFull, CancellationToken cancellationToken)
    {
        while (!_stopped && FindOrCreate(id) is { } loop)
        {
            if (await loop.CallAsync(call, cancellationToken) is { HasValue: true } response)
            {
                return response.Value;
            }
        }

        return whenFull;
    }

    /// <summary>Starts a rebalance of the groups that subscribe to a new topic and have not assigned its partitions.</summary>
    public async Task OnTopicCreatedAsync(string topic)
    {
        foreach (var id in _loops.Keys)
        {
            await CallAsync(
                id,
                (group, now) =>
                {
                    group.OnTopicCreated(topic, now);
                    return true;
                },
                fallback: false, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        foreach (var (_, loop) in _loops)
        {
            await loop.DisposeAsync();
        }
    }

    private GroupLoop? FindOrCreate(string id)
    {
        if (_loops.TryGetValue(id, out var known))
        {
            return known;
        }

        lock (_gate)
        {
            return _loops.Count < _maxGroups ? _loops.GetOrAdd(id, Begin) : null;
        }
    }

    private GroupLoop Begin(string id) => new(id, _stored.Find(id), StoreAsync, Ended, _memory, _timing, _time, _logger);

    private void Ended(GroupLoop loop) => _loops.TryRemove(KeyValuePair.Create(loop.Id, loop));

    private Task<ErrorCode> StoreAsync(GroupSnapshot snapshot)
    {
        var entry = new GroupUpdate(_stored, snapshot);
        _log.Enqueue(entry);
        return entry.Completion;
    }
}
