namespace CloudTicks.Ticks;

/// <summary>
/// One quote or trade. It lives on the stack, and its texts and lists are spans into the buffers of the reader, so that processing
/// a tick allocates nothing. An optional field is zero or empty unless its bit in <see cref="Fields"/> is set.
/// </summary>
public ref struct Tick
{
    /// <summary>The symbol with its market.</summary>
    public Symbol Symbol { get; set; }

    /// <summary>Quote or trade.</summary>
    public TickKind Kind { get; set; }

    /// <summary>Which of the optional fields below the tick has.</summary>
    public TickFields Fields { get; set; }

    /// <summary>What is unusual about the tick.</summary>
    public TickFlags Flags { get; set; }

    /// <summary>The feed's time in Unix ms, UTC: SIP time of stocks and options, exchange time of crypto.</summary>
    public long TimestampMs { get; set; }

    /// <summary>When the collector received the tick, Unix ms, UTC.</summary>
    public long ReceivedMs { get; set; }

    /// <summary>Highest price that a buyer bids.</summary>
    public Price Bid { get; set; }

    /// <summary>Lowest price that a seller asks.</summary>
    public Price Ask { get; set; }

    /// <summary>Size at the bid: shares (or round lots, see <see cref="TickFlags.RoundLots"/>), contracts, coins.</summary>
    public Price BidSize { get; set; }

    /// <summary>Size at the ask, in the unit of <see cref="BidSize"/>.</summary>
    public Price AskSize { get; set; }

    /// <summary>Price of a trade.</summary>
    public Price Price { get; set; }

    /// <summary>Size of a trade: shares, contracts, coins; may be a fraction.</summary>
    public Price Size { get; set; }

    /// <summary>Polygon's exchange id.</summary>
    public int Exchange { get; set; }

    /// <summary>Exchange id of the bid of a stock or option quote.</summary>
    public int BidExchange { get; set; }

    /// <summary>Exchange id of the ask of a stock or option quote.</summary>
    public int AskExchange { get; set; }

    /// <summary>1 NYSE, 2 NYSE American and regional, 3 Nasdaq.</summary>
    public int Tape { get; set; }

    /// <summary>Sequence number within the symbol and day; ascending, with gaps.</summary>
    public long Sequence { get; set; }

    /// <summary>The exchange's trade id, UTF-8, at most <see cref="MaxTradeIdBytes"/> bytes.</summary>
    public ReadOnlySpan<byte> TradeId { get; set; }

    /// <summary>Condition codes, at most <see cref="MaxListLength"/>.</summary>
    public ReadOnlySpan<int> Conditions { get; set; }

    /// <summary>Indicator codes of a stock quote, at most <see cref="MaxListLength"/>.</summary>
    public ReadOnlySpan<int> Indicators { get; set; }

    /// <summary>The participant's own time in Unix ms, UTC.</summary>
    public long ParticipantMs { get; set; }

    /// <summary>Id of the trade reporting facility.</summary>
    public int TrfId { get; set; }

    /// <summary>When the trade reporting facility received the trade, Unix ms, UTC.</summary>
    public long TrfMs { get; set; }

    /// <summary>When the vendor received a crypto tick, Unix ms, UTC.</summary>
    public long VendorReceivedMs { get; set; }

    /// <summary>Maximum length of a trade id, in bytes.</summary>
    public const int MaxTradeIdBytes = 128;

    /// <summary>Maximum number of conditions or indicators of a tick.</summary>
    public const int MaxListLength = 64;

    /// <summary>Whether the tick has a field.</summary>
    public readonly bool Has(TickFields field) => (Fields & field) != 0;
}
