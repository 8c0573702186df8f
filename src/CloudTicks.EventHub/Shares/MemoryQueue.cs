namespace CloudTicks.EventHub.Shares;

/// <summary>
/// What waits for memory, the smallest first: those who need little do not wait for those who need much. Belongs to a
/// <see cref="MemoryBudget"/>, which guards it.
/// </summary>
internal sealed class MemoryQueue
{
    private readonly LinkedList<WaitingTransfer> _waiting = [];

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>The levels that something waits for.</summary>
    public IEnumerable<MemoryLevel> Levels => _waiting.SelectMany(static waiting => waiting.Held.Levels).Distinct();

    public WaitingTransfer Add(HeldMemory held, long bytes)
    {
        var added = new WaitingTransfer(held, bytes);
        var larger = _waiting.First;
        while (larger is not null && larger.Value.Bytes <= bytes)
        {
            larger = larger.Next;
        }

        if (larger is null)
        {
            _waiting.AddLast(added);
        }
        else
        {
            _waiting.AddBefore(larger, added);
        }

        return added;
    }

    public bool Remove(WaitingTransfer waiting) => _waiting.Remove(waiting);

    /// <summary>Takes the first that fits out of the queue; null when none does.</summary>
    public WaitingTransfer? TakeFirst(Func<HeldMemory, long, bool> fits)
    {
        if (_waiting.FirstOrDefault(waiting => fits(waiting.Held, waiting.Bytes)) is not { } first)
        {
            return null;
        }

        _waiting.Remove(first);
        return first;
    }

    /// <summary>Bytes that a level lacks for all that wait for it.</summary>
    public long Missing(MemoryLevel level)
    {
        var (wanted, missing) = (0L, 0L);
        foreach (var waiting in _waiting.Where(waiting => waiting.Held.Levels.Contains(level)))
        {
            wanted += waiting.Bytes;
            missing = Math.Max(missing, level.Used + wanted - level.LimitFor(waiting.Held.IsSmallWith(waiting.Bytes)));
        }

        return missing;
    }
}
