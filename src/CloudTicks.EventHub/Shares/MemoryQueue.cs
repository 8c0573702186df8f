namespace CloudTicks.EventHub.Shares;

/// <summary>
/// The transfers that wait for memory, smallest first, so that small transfers do not wait for large transfers. Owned by a
/// <see cref="MemoryBudget"/>, whose lock guards it.
/// </summary>
internal sealed class MemoryQueue
{
    private readonly LinkedList<WaitingTransfer> _waitingTransfers = [];

    public bool IsEmpty => _waitingTransfers.Count == 0;

    /// <summary>The levels for which a transfer waits.</summary>
    public IEnumerable<MemoryLevel> Levels => _waitingTransfers.SelectMany(static waiting => waiting.Grant.Levels).Distinct();

    public WaitingTransfer Add(MemoryGrant grant, long bytes)
    {
        var added = new WaitingTransfer(grant, bytes);
        var larger = _waitingTransfers.First;
        while (larger is not null && larger.Value.Bytes <= bytes)
        {
            larger = larger.Next;
        }

        if (larger is null)
        {
            _waitingTransfers.AddLast(added);
        }
        else
        {
            _waitingTransfers.AddBefore(larger, added);
        }

        return added;
    }

    public bool Remove(WaitingTransfer waiting) => _waitingTransfers.Remove(waiting);

    /// <summary>Removes and returns the first transfer that fits; null when there is none.</summary>
    public WaitingTransfer? TakeFirst(Func<MemoryGrant, long, bool> fits)
    {
        if (_waitingTransfers.FirstOrDefault(waiting => fits(waiting.Grant, waiting.Bytes)) is not { } first)
        {
            return null;
        }

        _waitingTransfers.Remove(first);
        return first;
    }

    /// <summary>The bytes that a level lacks for all its waiting transfers.</summary>
    public long Missing(MemoryLevel level)
    {
        var (required, missing) = (0L, 0L);
        foreach (var waiting in _waitingTransfers.Where(waiting => waiting.Grant.Levels.Contains(level)))
        {
            required += waiting.Bytes;
            missing = Math.Max(missing, level.Used + required - level.LimitFor(waiting.Grant.IsSmallWith(waiting.Bytes)));
        }

        return missing;
    }
}
