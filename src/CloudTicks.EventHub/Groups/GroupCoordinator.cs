using System.Collections.Concurrent;

namespace CloudTicks.EventHub.Groups;

/// <summary>The loops of all groups. Their number is bounded.</summary>
internal sealed class GroupCoordinator(TimeProvider time, int maxGroups, ILogger logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, GroupLoop> _loops = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public IReadOnlyCollection<string> Ids => [.. _loops.Keys];

    /// <summary>The loop of a group that has been joined or committed to since the start, or null.</summary>
    public GroupLoop? Find(string id) => _loops.GetValueOrDefault(id);

    /// <summary>The loop of a group, made when it is not there; null when there are too many groups.</summary>
    public GroupLoop? FindOrMake(string id)
    {
        if (_loops.TryGetValue(id, out var known))
        {
            return known;
        }

        lock (_gate)
        {
            return _loops.Count < maxGroups ? _loops.GetOrAdd(id, _ => new GroupLoop(id, time, logger)) : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, loop) in _loops)
        {
            await loop.DisposeAsync();
        }
    }
}
