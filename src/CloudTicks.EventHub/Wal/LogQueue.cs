namespace CloudTicks.EventHub.Wal;

/// <summary>
/// The queue of the log. All sources are served in parallel, by bytes (self-clocked fair queueing): an entry of n bytes waits for at most
/// n bytes of every other source, so a small entry overtakes the large entries of other sources. Entries of one source keep their
/// order. Entries without a source also keep their order, and overtake all others. Not thread-safe: the owner must lock it.
/// </summary>
internal sealed class LogQueue
{
    private readonly PriorityQueue<LogEntry, LogPriority> _waitingEntries = new();
    private readonly PriorityQueue<LogEntry, LogPriority> _sliced = new();
    private readonly HashSet<LogSource> _blockedSources = [];
    private long _servedFinish;
    private long _latestFinish;
    private long _nextNumber;

    /// <summary>The number of entries that can be taken now.</summary>
    public int Count => _waitingEntries.Count + _sliced.Count;

    /// <summary>The bytes of all waiting entries.</summary>
    public long Bytes { get; private set; }

    public void Add(LogEntry entry)
    {
        if (Count == 0 && _blockedSources.Count == 0)
        {
            _servedFinish = _latestFinish; // the queue was empty: all sources start equal again
        }

        var priority = new LogPriority(Math.Max(_servedFinish, entry.Source?.Finish ?? 0) + entry.Bytes, _nextNumber++);
        Bytes += entry.Bytes;
        _latestFinish = Math.Max(_latestFinish, priority.Finish);
        if (entry.Source is { } source)
        {
            source.Finish = priority.Finish;
        }

        _waitingEntries.Enqueue(entry, priority);
    }

    /// <summary>Takes the entries of one write.</summary>
    /// <param name="group">Receives the entries.</param>
    /// <param name="maxEntries">Maximum number of entries.</param>
    /// <param name="maxBytes">Maximum bytes; a larger entry is written in slices.</param>
    public void TakeInto(CommitGroup group, int maxEntries, int maxBytes)
    {
        var bytes = 0L;
        while (group.Entries.Count < maxEntries && _waitingEntries.TryPeek(out var entry, out var priority))
        {
            if (entry.Source?.Blocked is { } blocked)
            {
                _waitingEntries.Dequeue();
                blocked.Add((entry, priority));
                continue;
            }

            if (entry.Source is { } source && entry.Bytes > maxBytes)
            {
                _waitingEntries.Dequeue();
                _sliced.Enqueue(entry, priority);
                source.Blocked = [];
                _blockedSources.Add(source);
                continue;
            }

            bytes += entry.Bytes;
            if (bytes > maxBytes && group.Entries.Count > 0)
            {
                return;
            }

            _waitingEntries.Dequeue();
            Bytes -= entry.Bytes;
            _servedFinish = Math.Max(_servedFinish, priority.Finish);
            group.Entries.Add(entry);
        }
    }

    /// <summary>Takes the next entry to be written in slices; null when there is none.</summary>
    public LogEntry? TakeSliced()
    {
        if (!_sliced.TryDequeue(out var entry, out _))
        {
            return null;
        }

        Bytes -= entry.Bytes;
        return entry;
    }

    /// <summary>Releases the source of a sliced entry that was written or failed, so that the source's next entries can be taken.</summary>
    public void Release(LogSource source)
    {
        foreach (var (entry, priority) in source.Blocked!)
        {
            _waitingEntries.Enqueue(entry, priority);
        }

        source.Blocked = null;
        _blockedSources.Remove(source);
    }

    /// <summary>Removes and returns all entries.</summary>
    public List<LogEntry> Clear()
    {
        List<LogEntry> all = [.. _waitingEntries.UnorderedItems.Select(i => i.Element), .. _sliced.UnorderedItems.Select(i => i.Element)];
        foreach (var source in _blockedSources)
        {
            all.AddRange(source.Blocked!.Select(b => b.Entry));
            source.Blocked = null;
        }

        Bytes = 0;
        _blockedSources.Clear();
        _waitingEntries.Clear();
        _sliced.Clear();
        return all;
    }
}
