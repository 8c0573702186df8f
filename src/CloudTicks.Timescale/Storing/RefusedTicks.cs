using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Timescale.Storing;

/// <summary>A record's refused ticks, grouped by reason into dead letters. The other ticks of the record are stored.</summary>
internal sealed class RefusedTicks(int partition)
{
    private readonly List<DeadLetter> _deadLetters = [];

    /// <summary>Adds a tick.</summary>
    /// <param name="reason">What is wrong with the tick, as the end of a sentence.</param>
    public void Add(string reason, scoped in Tick tick, TickSource source, int index)
    {
        var deadLetter = _deadLetters.FindLast(candidate => candidate.Reason == reason);
        if (deadLetter is not { Ticks.HasRoom: true })
        {
            deadLetter = new DeadLetter(reason, $"tick {index} of {tick.Symbol} {reason}", new TickBatchBuilder(partition, source));
            _deadLetters.Add(deadLetter);
        }

        deadLetter.Ticks.Add(tick);
    }

    /// <summary>Moves the ticks to a list of refusals.</summary>
    /// <param name="tickCount">The number of ticks in the record.</param>
    public void MoveTo(List<RefusedRecord> refusals, long offset, int tickCount)
    {
        foreach (var (_, first, ticks) in _deadLetters)
        {
            var reason = $"{ticks.Count} of its {tickCount} ticks cannot be stored; the first: {first}.";
            refusals.Add(new RefusedRecord(offset, ticks.ToRecord(), reason, ticks.Count));
        }

        _deadLetters.Clear();
    }

    /// <summary>Removes all ticks.</summary>
    public void Clear() => _deadLetters.Clear();

    private sealed record DeadLetter(string Reason, string First, TickBatchBuilder Ticks);
}
