using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Timescale.Storing;

/// <summary>A record's refused ticks, packed by reason, so that the others can be stored.</summary>
internal sealed class RefusedTicks(int partition)
{
    private readonly List<Letter> _letters = [];

    /// <summary>Takes a tick.</summary>
    /// <param name="reason">What is wrong with it: the end of a sentence.</param>
    public void Add(string reason, scoped in Tick tick, TickSource source, int index)
    {
        var letter = _letters.FindLast(one => one.Reason == reason);
        if (letter is not { Ticks.HasRoom: true })
        {
            letter = new Letter(reason, $"tick {index} of {tick.Symbol} {reason}", new TickBatchBuilder(partition, source));
            _letters.Add(letter);
        }

        letter.Ticks.Add(tick);
    }

    /// <summary>Hands the ticks on, as those of a record of so many.</summary>
    public void MoveTo(List<RefusedRecord> refusals, long offset, int ofTicks)
    {
        foreach (var (_, first, ticks) in _letters)
        {
            var reason = $"{ticks.Count} of its {ofTicks} ticks cannot be stored; the first: {first}.";
            refusals.Add(new RefusedRecord(offset, ticks.ToRecord(), reason, ticks.Count));
        }

        _letters.Clear();
    }

    /// <summary>Forgets the ticks: their record cannot be read to its end.</summary>
    public void Clear() => _letters.Clear();

    private sealed record Letter(string Reason, string First, TickBatchBuilder Ticks);
}
