namespace CloudTicks.Ticks.Lean;

/// <summary>The known sides of one exchange's book. A row may have only one side; the other is carried forward from earlier rows.</summary>
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

    /// <summary>Sets the known sides of a quote, which may be only one.</summary>
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
