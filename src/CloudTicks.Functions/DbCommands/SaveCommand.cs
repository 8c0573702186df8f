using CloudTicks.Ticks;

namespace CloudTicks.Functions.DbCommands;

/// <summary>The command <c>save_realtime_data</c>: ticks of one symbol and kind.</summary>
internal sealed record SaveCommand(Symbol Symbol, TickKind Kind, IReadOnlyList<SaveRecord> Records);

internal struct SaveRecord
{
    public TickFields Fields;

    public long TimestampMs;

    /// <summary>Whether the time has no zone.</summary>
    public bool IsZoneless;

    /// <summary>Whether a fault was found already, which would cause others.</summary>
    public bool IsFaulty;

    public Price Bid;
    public Price Ask;
    public Price BidSize;
    public Price AskSize;
    public Price Price;
    public Price Size;

    public readonly Tick ToTick(Symbol symbol, TickKind kind, long receivedMs) => new()
    {
        Symbol = symbol,
        Kind = kind,
        Fields = Fields,
        TimestampMs = TimestampMs,
        ReceivedMs = receivedMs,
        Bid = Bid,
        Ask = Ask,
        BidSize = BidSize,
        AskSize = AskSize,
        Price = Price,
        Size = Size,
    };
}
