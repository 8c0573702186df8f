using System.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>Converts rows of text to ticks.</summary>
internal sealed class RowTicks(IImportRows rows, ImportColumns columns, ImportSettings settings) : IImportTicks
{
    private readonly TextRow _row = new();
    private readonly RowValues _values = new(columns, settings);
    private readonly SymbolDictionary _symbols = new();
    private readonly int[] _conditions = new int[Tick.MaxListLength];
    private readonly int[] _indicators = new int[Tick.MaxListLength];
    private Symbol? _inferred;
    private byte[] _inferredText = [];

    public long Number => rows.Number;

    public string Unit => rows.Unit;

    public bool TryRead(ref Tick tick)
    {
        tick = default;
        if (!rows.TryRead(_row))
        {
            return false;
        }

        _values.Row = _row;
        tick.Symbol = ReadSymbol();
        tick.Kind = ReadKind();
        tick.TimestampMs = _values.Time(ImportField.Time) ?? throw _values.Fault(ImportField.Time, "is empty");
        if (tick.Kind == TickKind.Quote)
        {
            ReadSides(ref tick);
        }
        else
        {
            tick.Price = _values.Price(ImportField.Price, TickFields.Price, ref tick);
            tick.Size = _values.Price(ImportField.Size, TickFields.Size, ref tick);
        }

        ReadOtherFields(ref tick);
        return true;
    }

    public void Dispose() => rows.Dispose();

    private void ReadSides(ref Tick tick)
    {
        tick.Bid = _values.Price(ImportField.Bid, TickFields.Bid, ref tick);
        tick.Ask = _values.Price(ImportField.Ask, TickFields.Ask, ref tick);
        tick.BidSize = _values.Price(ImportField.BidSize, TickFields.BidSize, ref tick);
        tick.AskSize = _values.Price(ImportField.AskSize, TickFields.AskSize, ref tick);

        // As in the feed, a price of zero means that the bid or ask is absent.
        tick.Fields &= ~((tick.Bid.Mantissa == 0 ? TickFields.Bid : 0) | (tick.Ask.Mantissa == 0 ? TickFields.Ask : 0));
        if (!tick.Has(TickFields.Bid | TickFields.Ask) && !columns.Has(ImportField.Kind) && !columns.IsPolygon)
        {
            throw new ImportRowException("it has neither a bid nor an ask");
        }
    }

    private void ReadOtherFields(ref Tick tick)
    {
        tick.Exchange = _values.Int(ImportField.Exchange, TickFields.Exchange, ref tick);
        tick.BidExchange = _values.Int(ImportField.BidExchange, TickFields.BidExchange, ref tick);
        tick.AskExchange = _values.Int(ImportField.AskExchange, TickFields.AskExchange, ref tick);
        tick.Sequence = _values.Long(ImportField.Sequence, TickFields.Sequence, ref tick);
        tick.Tape = _values.Int(ImportField.Tape, TickFields.Tape, ref tick);
        tick.TradeId = _values.Text(ImportField.TradeId, Tick.MaxTradeIdBytes);
        tick.Fields |= tick.TradeId.IsEmpty ? 0 : TickFields.TradeId;
        tick.Conditions = _values.List(ImportField.Conditions, _conditions);
        tick.Fields |= tick.Conditions.IsEmpty ? 0 : TickFields.Conditions;
        tick.Indicators = _values.List(ImportField.Indicators, _indicators);
        tick.Fields |= tick.Indicators.IsEmpty ? 0 : TickFields.Indicators;
        tick.ParticipantMs = _values.Time(ImportField.ParticipantTime, TickFields.ParticipantMs, ref tick);
        tick.TrfId = _values.Int(ImportField.TrfId, TickFields.TrfId, ref tick);
        tick.TrfMs = _values.Time(ImportField.TrfTime, TickFields.TrfMs, ref tick);
        tick.VendorReceivedMs = _values.Time(ImportField.VendorReceivedTime, TickFields.VendorReceivedMs, ref tick);
        if (columns.IsPolygon)
        {
            // Polygon's files contain 0 for absent values.
            tick.Fields &= ~((tick.TrfId == 0 ? TickFields.TrfId : 0) | (tick.TrfMs == 0 ? TickFields.TrfMs : 0));
        }

        tick.ReceivedMs = _values.Time(ImportField.ReceivedTime)
            ?? (_values.Integer(ImportField.ReceivedAfterMs) is { } after ? tick.TimestampMs + after : 0);
        tick.Flags = (TickFlags)(_values.Integer(ImportField.Flags) ?? 0);
        tick.Fields |= tick.Flags == TickFlags.None ? 0 : TickFields.Flags;
        _values.ApplyExact(ref tick);
    }

    private Symbol ReadSymbol()
    {
        var text = columns.Has(ImportField.Symbol) ? _row[columns[ImportField.Symbol]] : Encoding.UTF8.GetBytes(settings.Symbol!);
        var market = columns.Has(ImportField.Market)
            ? TickNames.TryParse(Encoding.UTF8.GetString(_row[columns[ImportField.Market]]), out Market named) ? named
                : throw _values.Fault(ImportField.Market, "is not a market (stock, option, forex, crypto)")
            : settings.Market ?? (columns.IsPolygon ? PolygonFlatFile.MarketOf(text) : null);
        if (market is { } known ? _symbols.TryGet(known, text, out var symbol) : TryInfer(text, out symbol))
        {
            return symbol!;
        }

        throw _values.Fault(
            ImportField.Symbol, market is null ? "is not a symbol" : $"is not a symbol of the market {market.Value.Name()}");
    }

    private bool TryInfer(ReadOnlySpan<byte> text, out Symbol? symbol)
    {
        // The previous row had the same name: reuse its symbol.
        if (_inferred is { } last && text.SequenceEqual(_inferredText))
        {
            symbol = last;
            return true;
        }

        if (!Symbol.TryParse(Encoding.UTF8.GetString(text), out symbol))
        {
            return false;
        }

        (_inferred, _inferredText) = (symbol, text.ToArray());
        return true;
    }

    private TickKind ReadKind()
    {
        if (columns.Has(ImportField.Kind))
        {
            return TickNames.TryParse(Encoding.UTF8.GetString(_row[columns[ImportField.Kind]]), out TickKind kind) ? kind
                : throw _values.Fault(ImportField.Kind, "is not a kind of tick (quote, trade)");
        }

        if (settings.Kind is { } known)
        {
            return known;
        }

        var isQuote = columns.Has(ImportField.Bid) || columns.Has(ImportField.Ask);
        return isQuote && columns.Has(ImportField.Price) ? !_row[columns[ImportField.Price]].IsEmpty ? TickKind.Trade : TickKind.Quote
            : isQuote ? TickKind.Quote : TickKind.Trade;
    }
}
