using System.Buffers.Text;

namespace CloudTicks.Ticks.Lean;

/// <summary>
/// Reads a tick file of QuantConnect's LEAN and converts its rows to ticks. The simulator and the lake's import share it, so that both
/// produce the same ticks.
/// </summary>
/// <param name="stream">The CSV, which this object closes when disposed.</param>
/// <param name="name">The parts of the file name.</param>
/// <param name="midnightMs">
/// The midnight that the file's times are relative to, Unix ms: in New York for stocks, in UTC for other markets.
/// </param>
public sealed class LeanTicks(Stream stream, LeanFileName name, long midnightMs) : IDisposable
{
    private const int ForexExchange = 48;

    private readonly LineReader _lines = new(stream);
    private readonly LeanQuoteSides[] _sides = new LeanQuoteSides[LeanExchanges.Count];
    private readonly byte[] _tradeId = new byte[20];
    private readonly int[] _conditions = new int[32];

    // The last row read, in separate fields because a Tick is a ref struct, which cannot be stored in a field.
    private Price _bidOrPrice;
    private Price _askOrSize;
    private LeanQuoteSides _quote;
    private int _exchange;
    private int _conditionCount;

    /// <summary>The time of the last row read, in whole ms since midnight.</summary>
    public long Ms { get; private set; }

    /// <summary>The number of the last line read, from 1.</summary>
    public long Line => _lines.Number;

    /// <summary>Reads the next row.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="LeanFormatException">The line is not a valid row. The next call reads the line after it.</exception>
    public bool TryRead()
    {
        if (!_lines.TryRead(out var line))
        {
            return false;
        }

        var row = LeanRow.Parse(line, name.Symbol.Market, name.Kind);
        Ms = row.Ms;
        _exchange = row.Exchange;
        SplitConditions(row.Conditions);
        if (name.Symbol.Market == Market.Forex)
        {
            (_bidOrPrice, _askOrSize) = (row.Bid, row.Ask);
        }
        else if (name.Kind == TickKind.Trade)
        {
            (_bidOrPrice, _askOrSize) = (row.Price, row.Size);
        }
        else if (name.Symbol.Market == Market.Crypto)
        {
            _quote = new LeanQuoteSides(row.Bid, row.BidSize, row.Ask, row.AskSize);
        }
        else
        {
            _quote = _sides[row.Exchange] = _sides[row.Exchange].With(row);
        }

        return true;
    }

    /// <summary>Converts the last row read to a tick.</summary>
    /// <param name="tick">The tick; its spans are valid until the next row.</param>
    /// <param name="shiftMs">Added to the tick's time, in ms.</param>
    public void Make(scoped ref Tick tick, long shiftMs = 0)
    {
        tick = default;
        tick.Symbol = name.Symbol;
        tick.Kind = name.Kind;
        tick.TimestampMs = midnightMs + Ms + shiftMs;
        switch (name.Symbol.Market, name.Kind)
        {
            case (Market.Forex, _):
                tick.Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange;
                (tick.Bid, tick.Ask) = (_bidOrPrice, _askOrSize);
                tick.Exchange = ForexExchange;
                break;
            case (Market.Crypto, TickKind.Trade):
                tick.Fields = TickFields.Price | TickFields.Size;
                (tick.Price, tick.Size) = (_bidOrPrice, _askOrSize);
                break;
            case (Market.Crypto, _):
                tick.Fields = TickFields.Bid | TickFields.BidSize | TickFields.Ask | TickFields.AskSize;
                (tick.Bid, tick.BidSize, tick.Ask, tick.AskSize) = (_quote.Bid, _quote.BidSize, _quote.Ask, _quote.AskSize);
                break;
            default:
                MakeStock(ref tick);
                break;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _lines.Dispose();

    private void MakeStock(scoped ref Tick tick)
    {
        tick.Fields = TickFields.Sequence;
        tick.Sequence = _lines.Number;
        tick.Conditions = _conditions.AsSpan(0, _conditionCount);
        if (_conditionCount > 0)
        {
            tick.Fields |= TickFields.Conditions;
        }

        if (name.Kind == TickKind.Quote)
        {
            _quote.Fill(ref tick, _exchange);
            return;
        }

        tick.Fields |= TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.TradeId;
        (tick.Price, tick.Size) = (_bidOrPrice, _askOrSize);
        tick.Exchange = _exchange;
        Utf8Formatter.TryFormat(_lines.Number, _tradeId, out var length);
        tick.TradeId = _tradeId.AsSpan(0, length);
    }

    /// <summary>
    /// Converts LEAN's flags to condition codes. No mapping to Polygon's codes exists, so bit n simply becomes condition n + 1.
    /// </summary>
    private void SplitConditions(uint flags)
    {
        _conditionCount = 0;
        for (var bit = 0; bit < 32; bit++)
        {
            if ((flags >> bit & 1) != 0)
            {
                _conditions[_conditionCount++] = bit + 1;
            }
        }
    }
}
