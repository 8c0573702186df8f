using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest.Bars;

/// <summary>Builds the bars of one page from ticks, which may be added in any order and more than once.</summary>
internal sealed class BarSeries(BarWindows windows, bool isBackward, int limit) : ITickSink
{
    /// <summary>The maximum number of archive ticks. All identities are kept in memory to skip repeats.</summary>
    private const int MaxTicks = 2_000_000;

    private readonly SortedDictionary<long, Bar> _bars = new(
        isBackward ? Comparer<long>.Create((one, other) => other.CompareTo(one)) : Comparer<long>.Default);

    private readonly HashSet<(long Ms, ulong Identity)> _seen = [];

    /// <summary>Whether one bar more than fits on the page was added; all bars of the page are then complete.</summary>
    public bool IsFull => _bars.Count > limit;

    public bool IsEmpty => _bars.Count == 0;

    /// <summary>The number of ticks in the bars.</summary>
    public int Ticks { get; private set; }

    /// <exception cref="BusyException">There are more ticks than one request may aggregate.</exception>
    public void Add(scoped in Tick tick, ulong identity, bool mayRepeat)
    {
        // The feed sends no trades of currencies. Like Polygon, aggregate their bids instead, each with a volume of one.
        var isQuote = tick.Kind == TickKind.Quote;
        var price = isQuote ? tick.Bid : tick.Price;
        if (price.Mantissa <= 0 || (mayRepeat && !_seen.Add((tick.TimestampMs, identity))))
        {
            return;
        }

        if (_seen.Count > MaxTicks)
        {
            throw new BusyException($"These bars need more than {MaxTicks:N0} ticks of the archive: request a shorter time range.");
        }

        Ticks++;
        var window = windows.Of(tick.TimestampMs);
        if (!_bars.TryGetValue(window.StartMs, out var bar))
        {
            _bars.Add(window.StartMs, bar = new Bar(window.StartMs));
        }

        bar.Add(
            new TickPosition(tick.TimestampMs, tick.Sequence, tick.ReceivedMs, identity), price.ToDouble(),
            isQuote ? 1 : tick.Size.ToDouble());
    }

    /// <summary>The bars of the page in order, and the first bar of the next page; null on the last page.</summary>
    public (IReadOnlyList<Bar> Bars, Bar? Next) Build() => ([.. _bars.Values.Take(limit)], _bars.Values.Skip(limit).FirstOrDefault());
}
