namespace CloudTicks.Ticks.Lean;

/// <summary>The two sides of one exchange's book as far as they are known. A file's row gives one; the other is carried forward.</summary>
internal readonly record struct LeanQuoteSides(Price Bid, Price BidSize, Price Ask, Price AskSize)
{
    public LeanQuoteSides With(scoped in LeanRow row)
    {
        var sides = this;
        if (row.Bid.Mantissa > 0)
            sides = sides with { Bid = row.Bid, BidSize = row.BidSize };
        if (row.Ask.Mantissa > 0)
            sides = sides with { Ask = row.Ask, AskSize = row.AskSize };
        return sides;
    }

    /// <summary>Sets the sides that are known; a quote with one side is sent as such.</summary>
    public void Fill(scoped ref Tick tick, int exchange)
    {
        if (Bid.Mantissa > 0)
        {
            tick.Fields |= TickFields.Bid | TickFields.BidSize | TickFields.BidExchange;
            (tick.Bid, tick.BidSize, tick.BidExchange) = (Bid, BidSize, exchange);
        }

        if (Ask.Mantissa > 0)
        {
            tick.Fields |= TickFields.Ask | TickFields.AskSize | TickFields.AskExchange;
            (tick.Ask, tick.AskSize, tick.AskExchange) = (Ask, AskSize, exchange);
        }
    }
}
