using System.Globalization;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>The fields of a tick, in the text form of <see cref="DecodedElement.Describe"/>.</summary>
internal static class ReferenceTick
{
    public static string Read(Market market, TickKind kind, ReferenceFields fields)
    {
        var values = new SortedDictionary<TickFields, string>();
        var name = fields.Text(
            market switch { Market.Forex => "p", Market.Crypto => "pair", _ => "sym" }, Symbol.MaxNameBytes, TickRejection.BadSymbol);
        if (!Symbol.TryParse(market, name, out var symbol))
        {
            fields.Reject(TickRejection.BadSymbol);
        }

        if (fields.Time("t") is not { } time)
        {
            fields.Reject(TickRejection.BadTimestamp);
            time = 0;
        }

        void Add(TickFields field, object? value)
        {
            if (value is not null)
            {
                values[field] = string.Create(CultureInfo.InvariantCulture, $"{value}");
            }
        }

        void AddList(TickFields field, string key)
        {
            var list = fields.List(key, Tick.MaxListLength);
            Add(field, list.Count > 0 ? string.Join(',', list) : null);
        }

        string? Side(string key) => fields.Decimal(key, TickRejection.BadPrice) is { } price and not "0" ? price : null;

        if (kind == TickKind.Quote)
        {
            Add(TickFields.Bid, Side(market == Market.Forex ? "b" : "bp"));
            Add(TickFields.Ask, Side(market == Market.Forex ? "a" : "ap"));
            if (market != Market.Forex)
            {
                Add(TickFields.BidSize, fields.Decimal("bs", TickRejection.BadSize));
                Add(TickFields.AskSize, fields.Decimal("as", TickRejection.BadSize));
            }
        }
        else
        {
            Add(TickFields.Price, fields.Decimal("p", TickRejection.BadPrice));
            Add(TickFields.Size, fields.Decimal(market == Market.Stock && fields.Has("ds") ? "ds" : "s", TickRejection.BadSize));
            Add(TickFields.TradeId, fields.Text("i", Tick.MaxTradeIdBytes, TickRejection.TooLong) is { Length: > 0 } id ? id : null);
        }

        var hasTape = market is Market.Stock or Market.Option;
        if (kind == TickKind.Quote && hasTape)
        {
            Add(TickFields.BidExchange, fields.Int32("bx"));
            Add(TickFields.AskExchange, fields.Int32("ax"));
            AddList(TickFields.Indicators, "i");
        }
        else
        {
            Add(TickFields.Exchange, fields.Int32("x"));
        }

        if (hasTape || kind == TickKind.Trade)
        {
            AddList(TickFields.Conditions, "c");
        }

        if (hasTape)
        {
            Add(TickFields.Sequence, fields.Integer("q"));
            Add(TickFields.Tape, fields.Int32("z"));
            Add(TickFields.ParticipantMs, fields.Time("pt"));
            Add(TickFields.TrfId, fields.Int32("trfi"));
            Add(TickFields.TrfMs, fields.Time("trft"));
        }

        if (market == Market.Crypto)
        {
            Add(TickFields.VendorReceivedMs, fields.Time("r"));
        }

        var head = string.Create(CultureInfo.InvariantCulture, $"{market} {kind} {symbol} {time}");
        return string.Concat([head, .. values.Select(value => $" {value.Key}={value.Value}")]);
    }
}
