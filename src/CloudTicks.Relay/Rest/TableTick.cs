using System.Globalization;
using System.Text;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>
/// Reconstructs a tick from a row of the table. The table stores prices as doubles, whose shortest text equals the feed's for up to 15
/// digits. It stores only one of a quote's two exchanges; the other one is found with the tick's identity, a hash that includes both.
/// </summary>
internal sealed class TableTick(Symbol symbol, TickKind kind)
{
    /// <summary>The highest exchange number. Polygon numbers the exchanges of stocks from 1, and those of options from 300.</summary>
    private const int MaxExchange = 399;

    private readonly bool _hasTwoExchanges = kind == TickKind.Quote && symbol.Market is Market.Stock or Market.Option;
    private readonly byte[] _tradeId = new byte[Tick.MaxTradeIdBytes];
    private readonly int[] _conditions = new int[Tick.MaxListLength];
    private int _lastAskExchange;

    /// <summary>Reads a row.</summary>
    /// <param name="tick">Set to the tick; its spans are valid until the next row is read.</param>
    public void Read(MarketTick row, ref Tick tick)
    {
        tick = new Tick { Symbol = symbol, Kind = kind, TimestampMs = row.TimestampMs, ReceivedMs = row.ReceivedMs };
        tick.Bid = Decimal(row.Bid, TickFields.Bid, ref tick);
        tick.Ask = Decimal(row.Ask, TickFields.Ask, ref tick);
        tick.BidSize = Decimal(row.BidSize, TickFields.BidSize, ref tick);
        tick.AskSize = Decimal(row.AskSize, TickFields.AskSize, ref tick);
        tick.Price = Decimal(row.Price, TickFields.Price, ref tick);
        tick.Size = Decimal(row.Size, TickFields.Size, ref tick);
        if (row.Sequence is { } sequence)
        {
            (tick.Sequence, tick.Fields) = (sequence, tick.Fields | TickFields.Sequence);
        }

        if (row.TradeId is { } id && Encoding.UTF8.TryGetBytes(id, _tradeId, out var length))
        {
            tick.TradeId = _tradeId.AsSpan(0, length);
            tick.Fields |= TickFields.TradeId;
        }

        if (row.Conditions is { } conditions)
        {
            ReadConditions(conditions, ref tick);
        }

        if (row.Exchange is { } exchange)
        {
            ReadExchange(exchange, row.Identity, ref tick);
        }
    }

    private static Price Decimal(double? value, TickFields field, ref Tick tick)
    {
        Span<byte> text = stackalloc byte[Price.MaxTextBytes];
        if (value is not { } number || !number.TryFormat(text, out var length, "R", CultureInfo.InvariantCulture)
            || !Price.TryParse(text[..length], out var price))
        {
            return default;
        }

        tick.Fields |= field;
        return price;
    }

    private void ReadConditions(IReadOnlyList<short> conditions, ref Tick tick)
    {
        var count = Math.Min(conditions.Count, _conditions.Length);
        for (var index = 0; index < count; index++)
        {
            _conditions[index] = conditions[index];
        }

        tick.Conditions = _conditions.AsSpan(0, count);
        tick.Fields |= TickFields.Conditions;
    }

    private void ReadExchange(int exchange, ulong identity, ref Tick tick)
    {
        if (!_hasTwoExchanges)
        {
            (tick.Exchange, tick.Fields) = (exchange, tick.Fields | TickFields.Exchange);
            return;
        }

        // The row has the exchange of the bid, or of the ask if the bid has none. Try the likely exchanges of the ask first.
        tick.BidExchange = exchange;
        if (!IsAskExchange(_lastAskExchange, identity, ref tick) && !IsAskExchange(exchange, identity, ref tick)
            && !FindAskExchange(identity, ref tick))
        {
            tick.BidExchange = 0;
            if (!IsAskExchange(exchange, identity, ref tick))
            {
                // If no exchange matches the identity, only the row's exchange is known.
                (tick.BidExchange, tick.AskExchange) = (exchange, 0);
            }
        }

        _lastAskExchange = tick.AskExchange;
        tick.Fields |= (tick.BidExchange == 0 ? TickFields.None : TickFields.BidExchange)
            | (tick.AskExchange == 0 ? TickFields.None : TickFields.AskExchange);
    }

    private static bool FindAskExchange(ulong identity, ref Tick tick)
    {
        for (var exchange = 0; exchange <= MaxExchange; exchange++)
        {
            if (IsAskExchange(exchange, identity, ref tick))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAskExchange(int exchange, ulong identity, ref Tick tick)
    {
        tick.AskExchange = exchange;
        return TickIdentity.Of(tick) == identity;
    }
}
