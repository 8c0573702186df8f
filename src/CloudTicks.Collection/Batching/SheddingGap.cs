using CloudTicks.Collection.Records;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>The interval in which ticks of one symbol and kind were dropped for one cause.</summary>
internal sealed class SheddingGap(Symbol symbol, TickKind kind, string cause, Action<MissedTicks> report)
{
    private Guid _id;
    private long _fromMs;
    private long _toMs;
    private long _count;

    /// <summary>Counts one tick. The first is reported immediately, in case of a crash; the rest when the interval closes.</summary>
    public void Add(long timestampMs)
    {
        if (_count++ > 0)
        {
            (_fromMs, _toMs) = (Math.Min(_fromMs, timestampMs), Math.Max(_toMs, timestampMs));
            return;
        }

        (_id, _fromMs, _toMs) = (Guid.NewGuid(), timestampMs, timestampMs);
        report(new MissedTicks(_id, symbol, kind, timestampMs, null, cause, 1));
    }

    public void Close()
    {
        if (_count > 0)
        {
            report(new MissedTicks(_id, symbol, kind, _fromMs, _toMs, cause, _count - 1, $"{_count} ticks"));
            _count = 0;
        }
    }
}
