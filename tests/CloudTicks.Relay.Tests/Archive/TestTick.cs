using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>A quote of a currency pair, distinguished from the symbol's other quotes by its number, which is its bid.</summary>
internal readonly record struct TestTick(Symbol Symbol, int Number, long TimestampMs)
{
    public Tick ToTick() => new()
    {
        Symbol = Symbol,
        Kind = TickKind.Quote,
        Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange,
        TimestampMs = TimestampMs,
        ReceivedMs = TimestampMs,
        Bid = Price.Create(Number, 0),
        Ask = Price.Create(1_000_000_000, 0),
        Exchange = 48,
    };

    /// <summary>The symbol as the feed names it.</summary>
    public static string PairOf(Symbol symbol) => $"{symbol.Name[..3]}/{symbol.Name[3..]}";

    public static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);
}
