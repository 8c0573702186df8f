using CloudTicks.Collection.Records;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>An interval in which ticks of one symbol and kind are dropped for the same cause.</summary>
internal sealed class SheddingGap(Symbol symbol, TickKind kind, string cause, Action<MissedTicks> report)
{
    private Guid _id;
    private long _fromMs;
    private long _toMs;
    private long _count;

    /// <summary>
    /// Counts one dropped tick. The first is reported immediately, so that a crash cannot hide the gap; the count of the others is reported
    /// when the interval closes.
    /// </summary>
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
