using System.Globalization;
using System.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>A tick generated from a number: a quote or trade of any market, with or without the optional fields.</summary>
/// <param name="Number">The number, unique for each tick.</param>
/// <param name="TimestampMs">Its time, Unix ms, UTC.</param>
internal sealed record ChaosTick(int Number, long TimestampMs)
{
    private static readonly Symbol[] Symbols =
        [.. ((string[])["EURUSD", "XAUUSD", "AAPL", "BRK.A", "BTC-USD", "O:SPY251219C00650000"])
            .Select(name => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name))];

    private static readonly int[] Conditions = [12, 37];

    public Tick ToTick(long receivedMs)
    {
        var symbol = Symbols[Number % Symbols.Length];
        return symbol.Market == Market.Forex || Number % 2 == 0 ? Quote(symbol, receivedMs) : Trade(symbol, receivedMs);
    }

    private Tick Quote(Symbol symbol, long receivedMs) => new()
    {
        Symbol = symbol,
        Kind = TickKind.Quote,
        Fields = TickFields.Bid | TickFields.Ask | (symbol.Market == Market.Forex ? TickFields.Exchange
            : TickFields.BidSize | TickFields.AskSize | TickFields.BidExchange | TickFields.Sequence),
        TimestampMs = TimestampMs,
        ReceivedMs = receivedMs,
        Bid = Price.Create(100_000 + Number, 5),
        Ask = Price.Create(100_007 + Number, 5),
        BidSize = Price.Create(Number % 900, 1),
        AskSize = Price.Create(Number % 70, 0),
        Exchange = 48,
        BidExchange = 1 + (Number % 20),
        Sequence = 1_000_000L + Number,
    };

    private Tick Trade(Symbol symbol, long receivedMs) => new()
    {
        Symbol = symbol,
        Kind = TickKind.Trade,
        Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.Sequence | TickFields.TradeId | (Number % 3 == 0
            ? TickFields.Conditions : TickFields.None),
        TimestampMs = TimestampMs,
        ReceivedMs = receivedMs,
        Price = Price.Create(20_000_000_001 + Number, 8),
        Size = Price.Create(Number, 2),
        Exchange = 4 + (Number % 9),
        Sequence = 2_000_000L + Number,
        TradeId = Encoding.UTF8.GetBytes(Number.ToString(CultureInfo.InvariantCulture)),
        Conditions = Conditions,
    };
}
