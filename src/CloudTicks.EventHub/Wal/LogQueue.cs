namespace CloudTicks.EventHub.Wal;

/// <summary>
/// What waits for the log. All sources are served side by side, by bytes (self-clocked fair queueing): an entry waits for no more of any
/// other source than it has bytes itself, so a small one passes the large ones of others. Entries of one source keep their order, and so do
/// those without a source, which pass all others. Guarded by its owner.
/// </summary>
internal sealed class LogQueue
{
    private readonly PriorityQueue<LogEntry, LogPriority> _waiting = new();
    private readonly PriorityQueue<LogEntry, LogPriority> _sliced = new();
    private readonly HashSet<LogSource> _held = [];
    private long _served;
    private long _latest;
    private long _entered;

    /// <summary>Those that wait for nothing but their turn.</summary>
    public int Count => _waiting.Count + _sliced.Count;

    /// <summary>The bytes of all that waits.</summary>
    public long Bytes { get; private set; }

    public void Add(LogEntry entry)
    {
        if (Count == 0 && _held.Count == 0)
        {
            _served = _latest; // nobody waits: who was served much before does not pay for it
        }

        var turn = new LogPriority(Math.Max(_served, entry.Source?.Finish ?? 0) + entry.Bytes, _entered++);
        Bytes += entry.Bytes;
        _latest = Math.Max(_latest, turn.Finish);
        if (entry.Source is { } source)
        {
            source.Finish = turn.Finish;
        }

        _waiting.Enqueue(entry, turn);
    }

    /// <summary>Takes what one write holds.</summary>
    /// <param name="group">Receives them.</param>
    /// <param name="maxEntries">No more than these.</param>
    /// <param name="maxBytes">No more than these, and no entry that is larger: it is written in slices.</param>
    public void TakeInto(CommitGroup group, int maxEntries, int maxBytes)
    {
        var bytes = 0L;
        while (group.Entries.Count < maxEntries && _waiting.TryPeek(out var entry, out var turn))
        {
            if (entry.Source?.Behind is { } behind)
            {
                _waiting.Dequeue();
                behind.Add((entry, turn));
                continue;
            }

            if (entry.Source is { } source && entry.Bytes > maxBytes)
            {
                _waiting.Dequeue();
                _sliced.Enqueue(entry, turn);
                source.Behind = [];
                _held.Add(source);
                continue;
            }

            bytes += entry.Bytes;
            if (bytes > maxBytes && group.Entries.Count > 0)
            {
                return;
            }

            _waiting.Dequeue();
            Bytes -= entry.Bytes;
            _served = Math.Max(_served, turn.Finish);
            group.Entries.Add(entry);
        }
    }

    /// <summary>Takes the next entry that is written in slices; null when there is none.</summary>
    public LogEntry? TakeSliced()
    {
        if (!_sliced.TryDequeue(out var entry, out _))
        {
            return null;
        }

        Bytes -= entry.Bytes;
        return entry;
    }

    /// <summary>An entry that was written in slices is over: what comes from the same source may follow.</summary>
    public void Release(LogSource source)
    {
        foreach (var (entry, turn) in source.Behind!)
        {
            _waiting.Enqueue(entry, turn);
        }

        source.Behind = null;
        _held.Remove(source);
    }

    /// <summary>Takes all.</summary>
    public List<LogEntry> Clear()
    {
        List<LogEntry> all = [.. _waiting.UnorderedItems.Select(i => i.Element), .. _sliced.UnorderedItems.Select(i => i.Element)];
        foreach (var source in _held)
        {
            all.AddRange(source.Behind!.Select(b => b.Entry));
            source.Behind = null;
        }

        Bytes = 0;
        _held.Clear();
        _waiting.Clear();
        _sliced.Clear();
        return all;
    }
}
