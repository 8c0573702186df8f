using CloudTicks.Ticks.Checks;

namespace CloudTicks.Ticks.Tests;

public class TickCheckTests
{
    private static readonly TickCheck Check = new(TimeSpan.FromDays(3), TimeSpan.FromMinutes(1));

    [Fact]
    public void Every_sample_tick_is_accepted()
    {
        foreach (var name in SampleTicks.Names)
        {
            var tick = SampleTicks.Of(name);
            Check.Check(ref tick).ShouldBe(TickRejection.None, name);
        }
    }

    [Theory]
    [InlineData("forex", TickRejection.Crossed)]
    [InlineData("stock quote", TickRejection.None)]
    [InlineData("crypto quote", TickRejection.None)]
    public void Crossed_currency_quote_is_refused_if_configured(string name, TickRejection expected)
    {
        var check = new TickCheck(null, null) { RefusesCrossedCurrencies = true };
        var tick = SampleTicks.Of(name);
        tick.Ask = Price.Create(1, 0);

        check.Check(ref tick).ShouldBe(expected);
    }

    [Theory]
    [InlineData("forex")]
    [InlineData("stock quote")]
    [InlineData("option quote")]
    [InlineData("crypto quote")]
    public void Crossed_quote_of_any_market_is_kept_and_flagged(string name)
    {
        var tick = SampleTicks.Of(name);
        tick.Ask = Price.Create(1, 0);

        Check.Check(ref tick).ShouldBe(TickRejection.None);
        tick.Flags.ShouldBe(TickFlags.Crossed);
        tick.Has(TickFields.Flags).ShouldBeTrue();
    }

    [Fact]
    public void Currency_quote_needs_at_least_one_side()
    {
        var tick = SampleTicks.Of("forex");
        tick.Bid = default;
        Check.Check(ref tick).ShouldBe(TickRejection.None);

        tick.Ask = default;
        Check.Check(ref tick).ShouldBe(TickRejection.NoPrice);
    }

    [Fact]
    public void Negative_prices_and_sizes_are_refused()
    {
        var quote = SampleTicks.Of("stock quote");
        quote.Bid = Price.Create(-1, 0);
        Check.Check(ref quote).ShouldBe(TickRejection.BadPrice);

        quote = SampleTicks.Of("stock quote");
        quote.AskSize = Price.Create(-1, 0);
        Check.Check(ref quote).ShouldBe(TickRejection.BadSize);

        var trade = SampleTicks.Of("stock trade");
        trade.Size = Price.Create(-1, 0);
        Check.Check(ref trade).ShouldBe(TickRejection.BadSize);

        trade.Price = default;
        Check.Check(ref trade).ShouldBe(TickRejection.NoPrice);
    }

    [Theory]
    [InlineData(-3 * 86_400_000L, TickFlags.None)]
    [InlineData((-3 * 86_400_000L) - 1, TickFlags.Late)]
    [InlineData(60_000L, TickFlags.None)]
    [InlineData(60_001L, TickFlags.Future)]
    public void Late_and_future_ticks_are_kept_and_flagged(long offsetMs, TickFlags flags)
    {
        var tick = SampleTicks.Of("forex");
        tick.ReceivedMs = tick.TimestampMs - offsetMs;

        Check.Check(ref tick).ShouldBe(TickRejection.None);
        tick.Flags.ShouldBe(flags);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1737993600)]
    [InlineData(long.MaxValue)]
    public void Time_out_of_range_is_refused(long timestampMs)
    {
        var tick = SampleTicks.Of("forex");
        tick.TimestampMs = timestampMs;

        Check.Check(ref tick).ShouldBe(TickRejection.BadTimestamp);
    }

    [Fact]
    public void Every_reason_has_a_unique_name()
    {
        var names = Enum.GetValues<TickRejection>().Select(rejection => rejection.Name()).ToList();

        names.ShouldBeUnique();
        names.ShouldAllBe(name => name.All(letter => letter == '_' || char.IsAsciiLetterLower(letter)));
    }
}
