using System.Buffers.Text;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Replay;

/// <summary>Reads the ticks of one file, one ahead.</summary>
internal sealed class ReplayStream(ReplayFile file, SimulatedChannel channel) : IDisposable
{
    private const int ForexExchange = 48;

    private readonly LineReader _lines = file.OpenRows();
    private readonly QuoteSides[] _sides = new QuoteSides[StockExchanges.Count];
    private readonly byte[] _tradeId = new byte[20];
    private readonly int[] _conditions = new int[32];

    // The row that is next, kept in plain fields because a tick lives on the stack.
    private Price _first;
    private Price _second;
    private QuoteSides _quote;
    private int _exchange;
    private int _conditionCount;
    private long _ms;

    public SimulatedChannel Channel => channel;

    public ReplayFile File => file;

    /// <summary>What is added to the file's times.</summary>
    public long ShiftMs { get; set; }

    public bool IsAtEnd { get; private set; }

    /// <summary>The time of the next row in ms from the UTC midnight of the file's date.</summary>
    public long OffsetMs => file.MidnightMs + _ms - file.UtcMidnightMs;

    public void MoveNext()
    {
        if (!_lines.TryRead(out var line))
        {
            IsAtEnd = true;
            return;
        }

        var row = ReplayRow.Parse(line, channel.Symbol.Market, channel.Kind);
        _ms = row.Ms;
        _exchange = row.Exchange;
        SplitConditions(row.Conditions);
        if (channel.Symbol.Market == Market.Forex)
            (_first, _second) = (row.Bid, row.Ask);
        else if (channel.Kind == TickKind.Trade)
            (_first, _second) = (row.Price, row.Size);
        else
            _quote = _sides[row.Exchange] = _sides[row.Exchange].With(row);
    }

    public void Make(scoped ref Tick tick)
    {
        tick = default;
        tick.Symbol = channel.Symbol;
        tick.Kind = channel.Kind;
        tick.TimestampMs = file.MidnightMs + _ms + ShiftMs;
        if (channel.Symbol.Market == Market.Forex)
        {
            tick.Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange;
            (tick.Bid, tick.Ask) = (_first, _second);
            tick.Exchange = ForexExchange;
            return;
        }

        tick.Fields = TickFields.Sequence;
        tick.Sequence = _lines.Number;
        tick.Conditions = _conditions.AsSpan(0, _conditionCount);
        if (_conditionCount > 0)
            tick.Fields |= TickFields.Conditions;
        if (channel.Kind == TickKind.Trade)
            MakeTrade(ref tick);
        else
            _quote.Fill(ref tick, _exchange);
    }

    public void Dispose() => _lines.Dispose();

    private void MakeTrade(scoped ref Tick tick)
    {
        tick.Fields |= TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.TradeId;
        (tick.Price, tick.Size) = (_first, _second);
        tick.Exchange = _exchange;
        Utf8Formatter.TryFormat(_lines.Number, _tradeId, out var length);
        tick.TradeId = _tradeId.AsSpan(0, length);
    }

    /// <summary>LEAN's flags are not Polygon's codes, and there is no table between them: bit n is sent as condition n + 1.</summary>
    private void SplitConditions(uint flags)
    {
        _conditionCount = 0;
        for (var bit = 0; bit < 32; bit++)
        {
            if ((flags >> bit & 1) != 0)
                _conditions[_conditionCount++] = bit + 1;
        }
    }
}
