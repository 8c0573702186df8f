namespace CloudTicks.Ticks.Checks;

/// <summary>
/// Refuses impossible ticks and flags unusual ones. A late, early or crossed tick is by default kept with a flag, because it did happen:
/// aggregated currency feeds are often crossed.
/// </summary>
/// <param name="maxAge">Older ticks are flagged late; null flags none.</param>
/// <param name="maxLead">Ticks further ahead of the clock are flagged future; null flags none.</param>
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
    /// <param name="tick">The tick. A zero price means the same as an absent one: no quote on that side.</param>
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
            FlagAge(ref tick);
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

            AddFlag(ref tick, TickFlags.Crossed);
        }

        return TickRejection.None;
    }

    private static TickRejection CheckTrade(scoped in Tick tick) =>
        tick.Price.Mantissa < 0 ? TickRejection.BadPrice
        : tick.Price.Mantissa == 0 ? TickRejection.NoPrice
        : tick.Size.Mantissa < 0 ? TickRejection.BadSize
        : TickRejection.None;

    private void FlagAge(scoped ref Tick tick)
    {
        var age = tick.ReceivedMs - tick.TimestampMs;
        if (age > _maxAgeMs)
        {
            AddFlag(ref tick, TickFlags.Late);
        }
        else if (-age > _maxLeadMs)
        {
            AddFlag(ref tick, TickFlags.Future);
        }
    }

    private static void AddFlag(scoped ref Tick tick, TickFlags flag)
    {
        tick.Flags |= flag;
        tick.Fields |= TickFields.Flags;
    }
}
