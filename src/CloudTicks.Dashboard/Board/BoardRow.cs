using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Dashboard.Board;

/// <summary>One symbol's row. The board writes under its lock; viewers read only <see cref="Frame"/>, which is immutable.</summary>
internal sealed class BoardRow
{
    public const int SparkLength = 40;

    /// <summary>The weight of the last second in the rate's moving average.</summary>
    private const double RateWeight = 0.4;

    /// <summary>The minimum rate. A lower rate is shown as zero, because one tick every half minute would make the value flicker.</summary>
    private const double MinRate = 0.05;

    private readonly SessionOpening _opening = new();
    private readonly double[] _spark = new double[SparkLength];
    private int _sparkCount;
    private Price _bid;
    private Price _ask;
    private Price _tradePrice;
    private Price _last;
    private TickFields _fields;
    private bool _hasLast;
    private long _newestMs = -1;
    private int _ticks;
    private double _perSecond;
    private volatile RowFrame _frame = RowFrame.None;

    public BoardRow(Symbol symbol, int index)
    {
        (Symbol, Index) = (symbol, index);
        var market = JsonNamingPolicy.SnakeCaseLower.ConvertName(symbol.Market.ToString());
        Head = Encoding.UTF8.GetBytes($"[\"{JsonEncodedText.Encode(symbol.Name)}\",\"{market}\",");
    }

    public Symbol Symbol { get; }

    /// <summary>The row's index, which never changes.</summary>
    public int Index { get; }

    public byte[] Head { get; }

    public bool IsChanged { get; private set; }

    /// <summary>Whether there was a trade. If so, the row shows the price of the last trade; otherwise that of the last quote.</summary>
    private bool HasTraded => (_fields & TickFields.Price) != 0;

    public RowFrame Frame
    {
        get => _frame;
        set => _frame = value;
    }

    /// <summary>
    /// Adds a tick. A tick older than the last one is counted but does not set a price. Times ahead of the clock are clamped, so that later
    /// ticks still count as newer.
    /// </summary>
    /// <returns>Whether the tick set an opening price of a session.</returns>
    public bool Add(in TickPrices tick, long nowMs)
    {
        _ticks++;
        var atMs = Math.Min(tick.TimestampMs, nowMs);
        if (atMs < _newestMs)
        {
            return false;
        }

        _newestMs = atMs;
        IsChanged = true;
        Set(tick, TickFields.Bid, ref _bid, tick.Bid);
        Set(tick, TickFields.Ask, ref _ask, tick.Ask);
        Set(tick, TickFields.Price, ref _tradePrice, tick.Price);
        _last = HasTraded ? _tradePrice : MidPrice.TryOf(_bid, _ask, out var middle) ? middle : _last;
        _hasLast |= HasTraded || _last.Mantissa > 0;
        return (tick.Has(TickFields.Price) && _opening.SetTrade(tick.Price, atMs))
            | (MidPrice.TryOf(tick.Bid, tick.Ask, out var quoted) && _opening.SetQuote(quoted, atMs));
    }

    /// <summary>Applies the session's opening prices from the table.</summary>
    public void ApplyOpening(SessionOpening opening) => IsChanged |= _opening.ApplyEarlier(opening);

    public void CountSecond()
    {
        var before = RoundForDisplay(_perSecond);
        _perSecond = (_perSecond * (1 - RateWeight)) + (_ticks * RateWeight);
        _ticks = 0;
        IsChanged |= before != RoundForDisplay(_perSecond);
    }

    /// <summary>Adds the price to the sparkline.</summary>
    public void AddSpark()
    {
        if (!_hasLast)
        {
            return;
        }

        if (_sparkCount == SparkLength)
        {
            Array.Copy(_spark, 1, _spark, 0, SparkLength - 1);
            _sparkCount--;
        }

        _spark[_sparkCount++] = _last.ToDouble();
    }

    /// <summary>Returns the row's state, and marks the row as unchanged.</summary>
    public RowState Read()
    {
        IsChanged = false;
        return new RowState(
            (_fields & TickFields.Bid) != 0 ? _bid : null, (_fields & TickFields.Ask) != 0 ? _ask : null, _hasLast ? _last : null, First(),
            _newestMs, RoundForDisplay(_perSecond));
    }

    /// <summary>Copies the sparkline's prices, oldest first.</summary>
    public int CopySpark(Span<double> destination)
    {
        _spark.AsSpan(0, _sparkCount).CopyTo(destination);
        return _sparkCount;
    }

    private static double RoundForDisplay(double rate) => rate < MinRate ? 0 : Math.Round(rate, rate < 100 ? 1 : 0);

    private void Set(in TickPrices tick, TickFields field, ref Price known, Price current)
    {
        if (tick.Has(field))
        {
            known = current;
            _fields |= field;
        }
    }

    /// <summary>
    /// Returns the reference price: the session's first price of the same kind (trade or quote) as the last price. While the first price
    /// is unknown, returns the last price; null before any price.
    /// </summary>
    private Price? First() => _hasLast ? (HasTraded ? _opening.Trade(_newestMs) : _opening.Quote(_newestMs)) ?? _last : null;
}

internal readonly record struct RowState(Price? Bid, Price? Ask, Price? Last, Price? First, long NewestMs, double PerSecond);

/// <param name="ChangedAt">The number of the snapshot in which the row last changed; 0 before the first change.</param>
internal sealed record RowFrame(byte[] Json, long ChangedAt)
{
    public static RowFrame None { get; } = new([], 0);
}
