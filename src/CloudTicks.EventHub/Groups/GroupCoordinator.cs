using System.Collections.Concurrent;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The loops of all groups in use, bounded. Members survive the hub's restart, with a fresh session timeout.</summary>
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
        foreach (var image in stored.All.Where(g => g.Members.Count > 0))
        {
            _loops[image.Id] = Begin(image.Id);
        }
    }

    /// <summary>The groups that have members, and those that have committed offsets.</summary>
    public IReadOnlyCollection<string> Ids => [.. _loops.Keys.Union(_offsets.Groups, StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public bool Knows(string id) => _loops.ContainsKey(id) || _offsets.Has(id);

    /// <summary>Whether a group may have committed offsets, which makes it stay.</summary>
    public bool HasRoomFor(string id) => _offsets.Has(id) || _offsets.Count < _maxGroups;

    /// <summary>Calls a group that somebody is in.</summary>
    /// <param name="call">The call; it answers at once or later.</param>
    public async Task<T> CallAsync<T>(
        string id, Action<Group, DateTimeOffset, Action<T>> call, T nobody, CancellationToken cancellationToken)
    {
        while (_loops.TryGetValue(id, out var loop) && !_stopped)
        {
            if (await loop.CallAsync(call, cancellationToken) is { Given: true } answer)
            {
                return answer.Value;
            }
        }

        return nobody;
    }

    /// <summary>Calls a group that somebody is in, and takes what the call returns.</summary>
    public Task<T> CallAsync<T>(string id, Func<Group, DateTimeOffset, T> call, T nobody, CancellationToken cancellationToken) =>
        CallAsync(id, (group, now, answer) => answer(call(group, now)), nobody, cancellationToken);

    /// <summary>Calls a group; it is made when it is not there.</summary>
    public async Task<T> CallOrMakeAsync<T>(
        string id, Action<Group, DateTimeOffset, Action<T>> call, T tooMany, CancellationToken cancellationToken)
    {
        while (!_stopped && FindOrMake(id) is { } loop)
        {
            if (await loop.CallAsync(call, cancellationToken) is { Given: true } answer)
            {
                return answer.Value;
            }
        }

        return tooMany;
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        foreach (var (_, loop) in _loops)
        {
            await loop.DisposeAsync();
        }
    }

    private GroupLoop? FindOrMake(string id)
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

    private Task<ErrorCode> StoreAsync(GroupSnapshot image)
    {
        var entry = new GroupUpdate(_stored, image);
        _log.Enqueue(entry);
        return entry.Answer;
    }
}
