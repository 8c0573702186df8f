namespace CloudTicks.Ticks;

/// <summary>
/// Which optional fields a tick has. The bits are part of the archive format: they never change; new fields get higher bits.
/// </summary>
[Flags]
public enum TickFields
{
    /// <summary>Only symbol, kind and times.</summary>
    None = 0,

    /// <summary><see cref="Tick.Bid"/>.</summary>
    Bid = 1 << 0,

    /// <summary><see cref="Tick.Ask"/>.</summary>
    Ask = 1 << 1,

    /// <summary><see cref="Tick.BidSize"/>.</summary>
    BidSize = 1 << 2,

    /// <summary><see cref="Tick.AskSize"/>.</summary>
    AskSize = 1 << 3,

    /// <summary><see cref="Tick.Price"/>.</summary>
    Price = 1 << 4,

    /// <summary><see cref="Tick.Size"/>.</summary>
    Size = 1 << 5,

    /// <summary><see cref="Tick.Exchange"/>.</summary>
    Exchange = 1 << 6,

    /// <summary><see cref="Tick.BidExchange"/>.</summary>
    BidExchange = 1 << 7,

    /// <summary><see cref="Tick.AskExchange"/>.</summary>
    AskExchange = 1 << 8,

    /// <summary><see cref="Tick.Sequence"/>.</summary>
    Sequence = 1 << 9,

    /// <summary><see cref="Tick.TradeId"/>.</summary>
    TradeId = 1 << 10,

    /// <summary><see cref="Tick.Conditions"/>.</summary>
    Conditions = 1 << 11,

    /// <summary><see cref="Tick.Indicators"/>.</summary>
    Indicators = 1 << 12,

    /// <summary><see cref="Tick.Tape"/>.</summary>
    Tape = 1 << 13,

    /// <summary><see cref="Tick.ParticipantMs"/>.</summary>
    ParticipantMs = 1 << 14,

    /// <summary><see cref="Tick.TrfId"/>.</summary>
    TrfId = 1 << 15,

    /// <summary><see cref="Tick.TrfMs"/>.</summary>
    TrfMs = 1 << 16,

    /// <summary><see cref="Tick.VendorReceivedMs"/>.</summary>
    VendorReceivedMs = 1 << 17,

    /// <summary><see cref="Tick.Flags"/> are not empty.</summary>
    Flags = 1 << 18,

    /// <summary>Every field that this version defines.</summary>
    All = (1 << 19) - 1,
}
