using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Frames;

/// <summary>
/// Creates ticks from the fields of events. A zero price on one side of a quote means that there is no quote on that side.
/// </summary>
internal sealed class TickDecoder(Market market, SymbolDictionary symbols)
{
    private readonly byte[] _symbolScratch = new byte[Symbol.MaxNameBytes];
    private readonly byte[] _tradeIdScratch = new byte[Tick.MaxTradeIdBytes];
    private readonly int[] _conditions = new int[Tick.MaxListLength];
    private readonly int[] _indicators = new int[Tick.MaxListLength];

    /// <summary>The kind of tick of an event type in this market; null when the event is not a tick.</summary>
    public TickKind? KindOf(ReadOnlySpan<byte> eventType) => (market, eventType.Length) switch
    {
        (Market.Stock or Market.Option, 1) => eventType[0] == 'Q' ? TickKind.Quote : eventType[0] == 'T' ? TickKind.Trade : null,
        (Market.Forex, 1) => eventType[0] == 'C' ? TickKind.Quote : null,
        (Market.Crypto, 2) when eventType[0] == 'X' => eventType[1] == 'Q' ? TickKind.Quote : eventType[1] == 'T' ? TickKind.Trade : null,
        _ => null,
    };

    /// <summary>Decodes an event. Invalid values set <see cref="FieldValues.Rejection"/>.</summary>
    public void Decode(TickKind kind, scoped ref FieldValues values, ref Tick tick)
    {
        tick = default;
        ReadSymbol(ref values, ref tick);
        DecodeFields(kind, ref values, ref tick);
    }

    /// <summary>Decodes a row of history, whose symbol is the requested one.</summary>
    public void Decode(Symbol symbol, TickKind kind, scoped ref FieldValues values, ref Tick tick)
    {
        tick = default;
        tick.Symbol = symbol;
        DecodeFields(kind, ref values, ref tick);
    }

    private void DecodeFields(TickKind kind, scoped ref FieldValues values, ref Tick tick)
    {
        tick.Kind = kind;
        if (values.TryTime(EventField.T, out var time))
        {
            tick.TimestampMs = time;
        }
        else
        {
            values.Reject(TickRejection.BadTimestamp);
        }

        switch (market, kind)
        {
            case (Market.Forex, _):
                ReadSides(ref values, ref tick, EventField.B, EventField.A);
                ReadExchange(ref values, ref tick);
                break;
            case (_, TickKind.Quote):
                ReadSides(ref values, ref tick, EventField.Bp, EventField.Ap);
                ReadSizes(ref values, ref tick);
                ReadQuoteCodes(ref values, ref tick);
                break;
            default:
                ReadTrade(ref values, ref tick);
                break;
        }

        if (market == Market.Crypto && values.TryTime(EventField.R, out time))
        {
            tick.VendorReceivedMs = time;
            tick.Fields |= TickFields.VendorReceivedMs;
        }
    }

    private void ReadSymbol(scoped ref FieldValues values, ref Tick tick)
    {
        var field = market switch
        {
            Market.Forex => EventField.P,
            Market.Crypto => EventField.Pair,
            _ => EventField.Sym,
        };
        if (values.TryText(field, _symbolScratch, TickRejection.BadSymbol, out var name) && symbols.TryGet(market, name, out var symbol))
        {
            tick.Symbol = symbol;
        }
        else
        {
            values.Reject(TickRejection.BadSymbol);
        }
    }

    private static void ReadSides(scoped ref FieldValues values, ref Tick tick, EventField bid, EventField ask)
    {
        if (values.TryDecimal(bid, TickRejection.BadPrice, out var price) && price.Mantissa != 0)
        {
            tick.Bid = price;
            tick.Fields |= TickFields.Bid;
        }

        if (values.TryDecimal(ask, TickRejection.BadPrice, out price) && price.Mantissa != 0)
        {
            tick.Ask = price;
            tick.Fields |= TickFields.Ask;
        }
    }

    private static void ReadSizes(scoped ref FieldValues values, ref Tick tick)
    {
        if (values.TryDecimal(EventField.Bs, TickRejection.BadSize, out var size))
        {
            tick.BidSize = size;
            tick.Fields |= TickFields.BidSize;
        }

        if (values.TryDecimal(EventField.As, TickRejection.BadSize, out size))
        {
            tick.AskSize = size;
            tick.Fields |= TickFields.AskSize;
        }
    }

    private void ReadQuoteCodes(scoped ref FieldValues values, ref Tick tick)
    {
        if (market == Market.Crypto)
        {
            ReadExchange(ref values, ref tick);
            return;
        }

        if (values.TryInt32(EventField.Bx, out var exchange))
        {
            tick.BidExchange = exchange;
            tick.Fields |= TickFields.BidExchange;
        }

        if (values.TryInt32(EventField.Ax, out exchange))
        {
            tick.AskExchange = exchange;
            tick.Fields |= TickFields.AskExchange;
        }

        tick.Indicators = values.List(EventField.I, _indicators);
        tick.Fields |= tick.Indicators.IsEmpty ? TickFields.None : TickFields.Indicators;
        ReadConditions(ref values, ref tick);
        ReadReportedFields(ref values, ref tick);
    }

    private void ReadTrade(scoped ref FieldValues values, ref Tick tick)
    {
        if (values.TryDecimal(EventField.P, TickRejection.BadPrice, out var number))
        {
            tick.Price = number;
            tick.Fields |= TickFields.Price;
        }

        // The field ds is newer and has the exact size as a text; the older field has only the integer part.
        var size = values.Has(EventField.Ds) && market == Market.Stock ? EventField.Ds : EventField.S;
        if (values.TryDecimal(size, TickRejection.BadSize, out number))
        {
            tick.Size = number;
            tick.Fields |= TickFields.Size;
        }

        if (values.TryText(EventField.I, _tradeIdScratch, TickRejection.TooLong, out var id) && !id.IsEmpty)
        {
            tick.TradeId = id;
            tick.Fields |= TickFields.TradeId;
        }

        ReadExchange(ref values, ref tick);
        ReadConditions(ref values, ref tick);
        if (market != Market.Crypto)
        {
            ReadReportedFields(ref values, ref tick);
        }
    }

    private static void ReadExchange(scoped ref FieldValues values, ref Tick tick)
    {
        if (values.TryInt32(EventField.X, out var exchange))
        {
            tick.Exchange = exchange;
            tick.Fields |= TickFields.Exchange;
        }
    }

    private void ReadConditions(scoped ref FieldValues values, ref Tick tick)
    {
        tick.Conditions = values.List(EventField.C, _conditions);
        tick.Fields |= tick.Conditions.IsEmpty ? TickFields.None : TickFields.Conditions;
    }

    /// <summary>Reads the additional fields of the consolidated tapes of stocks and options.</summary>
    private static void ReadReportedFields(scoped ref FieldValues values, ref Tick tick)
    {
        if (values.TryInteger(EventField.Q, out var number))
        {
            tick.Sequence = number;
            tick.Fields |= TickFields.Sequence;
        }

        if (values.TryInt32(EventField.Z, out var code))
        {
            tick.Tape = code;
            tick.Fields |= TickFields.Tape;
        }

        if (values.TryTime(EventField.Pt, out number))
        {
            tick.ParticipantMs = number;
            tick.Fields |= TickFields.ParticipantMs;
        }

        if (values.TryInt32(EventField.Trfi, out code))
        {
            tick.TrfId = code;
            tick.Fields |= TickFields.TrfId;
        }

        if (values.TryTime(EventField.Trft, out number))
        {
            tick.TrfMs = number;
            tick.Fields |= TickFields.TrfMs;
        }
    }
}
