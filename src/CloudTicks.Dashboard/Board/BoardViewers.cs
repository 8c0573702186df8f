using System.Collections.Concurrent;

namespace CloudTicks.Dashboard.Board;

/// <summary>The viewers whose streams are open; as many as there are streams.</summary>
internal sealed class BoardViewers
{
    private readonly ConcurrentDictionary<string, BoardViewer> _viewers = new(StringComparer.Ordinal);

    /// <summary>Keeps a viewer until the answer is disposed of.</summary>
    public IDisposable Add(BoardViewer viewer)
    {
        _viewers[viewer.Id] = viewer;
        return new Entry(this, viewer.Id);
    }

    /// <summary>A viewer looks somewhere else.</summary>
    /// <returns>False when there is none of that name.</returns>
    public bool Look(string id, IEnumerable<string> symbols)
    {
        if (!_viewers.TryGetValue(id, out var viewer))
        {
            return false;
        }

        viewer.Look(symbols);
        return true;
    }

    private sealed class Entry(BoardViewers viewers, string id) : IDisposable
    {
        public void Dispose() => viewers._viewers.TryRemove(id, out _);
    }
}
