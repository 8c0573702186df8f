using CloudTicks.Collection.Records;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>The ticks of one kind of one symbol that were left out for one cause: one interval, from the first to the last.</summary>
internal sealed class SheddingGap(Symbol symbol, TickKind kind, string cause, Action<MissedTicks> missed)
{
    private Guid _id;
    private long _fromMs;
    private long _toMs;
    private long _count;

    /// <summary>Counts one; the first is told at once, so that a crash does not hide it, and the others when it is over.</summary>
    public void Add(long timestampMs)
    {
        if (_count++ > 0)
        {
            (_fromMs, _toMs) = (Math.Min(_fromMs, timestampMs), Math.Max(_toMs, timestampMs));
            return;
        }

        (_id, _fromMs, _toMs) = (Guid.NewGuid(), timestampMs, timestampMs);
        missed(new MissedTicks(_id, symbol, kind, timestampMs, null, cause, 1));
    }

    public void Close()
    {
        if (_count > 0)
        {
            missed(new MissedTicks(_id, symbol, kind, _fromMs, _toMs, cause, _count - 1, $"{_count} ticks"));
            _count = 0;
        }
    }
}
