namespace CloudTicks.Ticks.Checks;

/// <summary>
/// Decides which ticks are refused and flags what is odd about the others. Only what cannot be true is refused; a tick that is late,
/// early or crossed is kept with a flag, because it did happen: aggregated feeds of currencies are often crossed.
/// </summary>
/// <param name="maxAge">Older ticks are marked late; null marks none.</param>
/// <param name="maxLead">Ticks stamped further ahead of the clock are marked as of the future; null marks none.</param>
public sealed class TickCheck(TimeSpan? maxAge, TimeSpan? maxLead)
{
    private static readonly long EarliestMs = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    private static readonly long LatestMs = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly long _maxAgeMs = maxAge is { } age ? (long)age.TotalMilliseconds : long.MaxValue;
    private readonly long _maxLeadMs = maxLead is { } lead ? (long)lead.TotalMilliseconds : long.MaxValue;
    private volatile bool _refusesCrossed;

    /// <summary>Whether crossed quotes of currencies and metals are refused; false by default. Any thread may change it.</summary>
    public bool RefusesCrossedCurrencies { get => _refusesCrossed; set => _refusesCrossed = value; }

    /// <summary>Checks a tick whose symbol, kind, fields and times are set, and sets its flags.</summary>
    /// <param name="tick">The tick. An absent side may be absent or zero: a zero price or an absent one both mean "no quote".</param>
    /// <returns>The reason to refuse it, or <see cref="TickRejection.None"/>.</returns>
    public TickRejection Check(scoped ref Tick tick)
    {
        if (tick.TimestampMs < EarliestMs || tick.TimestampMs >= LatestMs)
        {
            return TickRejection.BadTimestamp;
        }

        var rejection = tick.Kind == TickKind.Quote ? CheckQuote(ref tick) : CheckTrade(tick);
        if (rejection == TickRejection.None)
        {
            MarkAge(ref tick);
        }

        return rejection;
    }

    private TickRejection CheckQuote(scoped ref Tick tick)
    {
        if (tick.Bid.Mantissa < 0 || tick.Ask.Mantissa < 0)
        {
            return TickRejection.BadPrice;
        }

        if (tick.BidSize.Mantissa < 0 || tick.AskSize.Mantissa < 0)
        {
            return TickRejection.BadSize;
        }

        var isCurrency = tick.Symbol.Market == Market.Forex;
        if (isCurrency && tick.Bid.Mantissa == 0 && tick.Ask.Mantissa == 0)
        {
            return TickRejection.NoPrice;
        }

        if (tick.Bid.Mantissa > 0 && tick.Ask.Mantissa > 0 && tick.Ask < tick.Bid)
        {
            if (isCurrency && _refusesCrossed)
            {
                return TickRejection.Crossed;
            }

            Mark(ref tick, TickFlags.Crossed);
        }

        return TickRejection.None;
    }

    private static TickRejection CheckTrade(scoped in Tick tick) =>
        tick.Price.Mantissa < 0 ? TickRejection.BadPrice
        : tick.Price.Mantissa == 0 ? TickRejection.NoPrice
        : tick.Size.Mantissa < 0 ? TickRejection.BadSize
        : TickRejection.None;

    private void MarkAge(scoped ref Tick tick)
    {
        var age = tick.ReceivedMs - tick.TimestampMs;
        if (age > _maxAgeMs)
        {
            Mark(ref tick, TickFlags.Late);
        }
        else if (-age > _maxLeadMs)
        {
            Mark(ref tick, TickFlags.Future);
        }
    }

    private static void Mark(scoped ref Tick tick, TickFlags flag)
    {
        tick.Flags |= flag;
        tick.Fields |= TickFields.Flags;
    }
}
