namespace CloudTicks.Ticks.Tests;

/// <summary>A tick of each market and kind, and a quote without one of its sides.</summary>
internal static class SampleTicks
{
    public const long TimestampMs = 1737993600000;

    public static readonly string[] Names =
        ["stock trade", "stock quote", "one-sided stock quote", "option trade", "option quote", "forex", "crypto trade", "crypto quote"];

    private static readonly int[] Conditions = [12, 37, 41];
    private static readonly int[] Indicators = [604];

    public static Tick Of(string name) => name switch
    {
        "stock trade" => new Tick
        {
            Symbol = Symbol(Market.Stock, "BRK.A"),
            Kind = TickKind.Trade,
            Fields =
                TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.Sequence | TickFields.TradeId | TickFields.Conditions
                | TickFields.Tape | TickFields.ParticipantMs | TickFields.TrfId | TickFields.TrfMs | TickFields.Flags,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 12,
            Price = Price.Create(7015, 2),
            Size = Price.Create(1005, 1),
            Exchange = 4,
            Sequence = 1234567,
            TradeId = "52983525029461"u8,
            Conditions = Conditions,
            Tape = 1,
            ParticipantMs = TimestampMs - 3,
            TrfId = 202,
            TrfMs = TimestampMs + 1,
            Flags = TickFlags.Late,
        },
        "stock quote" => new Tick
        {
            Symbol = Symbol(Market.Stock, "AAPL"),
            Kind = TickKind.Quote,
            Fields =
                TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.BidExchange | TickFields.AskExchange
                | TickFields.Sequence | TickFields.Conditions | TickFields.Indicators | TickFields.Tape,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 12,
            Bid = Price.Create(22987, 2),
            Ask = Price.Create(22990, 2),
            BidSize = Price.Create(300, 0),
            AskSize = Price.Create(1, 0),
            BidExchange = 11,
            AskExchange = 12,
            Sequence = 987,
            Conditions = Conditions.AsSpan(0, 1),
            Indicators = Indicators,
            Tape = 3,
        },
        "one-sided stock quote" => new Tick
        {
            Symbol = Symbol(Market.Stock, "AAPL"),
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.BidSize | TickFields.BidExchange | TickFields.Sequence,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 13,
            Bid = Price.Create(22987, 2),
            BidSize = Price.Create(300, 0),
            BidExchange = 11,
            Sequence = 988,
        },
        "option trade" => new Tick
        {
            Symbol = Symbol(Market.Option, "O:SPY251219C00650000"),
            Kind = TickKind.Trade,
            Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.Sequence,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 14,
            Price = Price.Create(125, 2),
            Size = Price.Create(3, 0),
            Exchange = 302,
            Sequence = 55,
        },
        "option quote" => new Tick
        {
            Symbol = Symbol(Market.Option, "O:SPY251219C00650000"),
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.Ask | TickFields.BidExchange | TickFields.AskExchange | TickFields.Sequence,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 14,
            Bid = Price.Create(12, 1),
            Ask = Price.Create(13, 1),
            BidExchange = 302,
            AskExchange = 303,
            Sequence = 56,
        },
        "forex" => new Tick
        {
            Symbol = Symbol(Market.Forex, "EUR/USD"),
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 12,
            Bid = Price.Create(10451, 4),
            Ask = Price.Create(10452, 4),
            Exchange = 48,
        },
        "crypto trade" => new Tick
        {
            Symbol = Symbol(Market.Crypto, "BTC-USD"),
            Kind = TickKind.Trade,
            Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.TradeId | TickFields.Conditions
                | TickFields.VendorReceivedMs,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 20,
            Price = Price.Create(1014235, 1),
            Size = Price.Create(4, 5),
            Exchange = 1,
            TradeId = "b8a3c1f0-1111-4222-8333-abcdefabcdef"u8,
            Conditions = Conditions.AsSpan(1, 1),
            VendorReceivedMs = TimestampMs + 9,
        },
        "crypto quote" => new Tick
        {
            Symbol = Symbol(Market.Crypto, "X:BTCUSD"),
            Kind = TickKind.Quote,
            Fields = TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.Exchange,
            TimestampMs = TimestampMs,
            ReceivedMs = TimestampMs + 21,
            Bid = Price.Create(101423, 0),
            Ask = Price.Create(1014235, 1),
            BidSize = Price.Create(15, 1),
            AskSize = Price.Create(2, 0),
            Exchange = 1,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such sample."),
    };

    private static Symbol Symbol(Market market, string name) =>
        Ticks.Symbol.TryParse(market, name, out var symbol) ? symbol : throw new ArgumentException(name, nameof(name));
}
