using System.Collections.Concurrent;

namespace CloudTicks.Dashboard.Board;

/// <summary>The viewers with an open stream, one for each stream.</summary>
internal sealed class BoardViewers
{
    private readonly ConcurrentDictionary<string, BoardViewer> _viewers = new(StringComparer.Ordinal);

    /// <summary>Adds a viewer; disposing of the result removes it.</summary>
    public IDisposable Add(BoardViewer viewer)
    {
        _viewers[viewer.Id] = viewer;
        return new Entry(this, viewer.Id);
    }

    /// <summary>Sets the symbols that a viewer has in view.</summary>
    /// <returns>False when no viewer has this id.</returns>
    public bool SetView(string id, IEnumerable<string> symbols)
    {
        if (!_viewers.TryGetValue(id, out var viewer))
        {
            return false;
        }

        viewer.SetView(symbols);
        return true;
    }

    private sealed class Entry(BoardViewers viewers, string id) : IDisposable
    {
        public void Dispose() => viewers._viewers.TryRemove(id, out _);
    }
}
