using System.Globalization;
using CloudTicks.Polygon.Hours;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Hours;

public class TradingScheduleTests
{
    private static readonly MarketHoliday[] Holidays =
    [
        new(new DateOnly(2025, 11, 27), "NYSE", "Thanksgiving", null, null),
        new(new DateOnly(2025, 11, 28), "NYSE", "Thanksgiving", At("2025-11-28T14:30:00Z"), At("2025-11-28T18:00:00Z")),
        new(new DateOnly(2025, 12, 1), "TSX", "Not ours", null, null),
    ];

    private readonly TradingSchedule _schedule = new(Holidays);

    [Theory]
    // In winter New York is five hours behind UTC.
    [InlineData("2025-01-15T08:59:59Z", MarketPhase.Closed, MarketPhase.Closed)]
    [InlineData("2025-01-15T09:00:00Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-01-15T14:29:59.999Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-01-15T14:30:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-01-15T20:59:59Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-01-15T21:00:00Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-01-16T01:00:00Z", MarketPhase.Closed, MarketPhase.Closed)]
    // In summer New York is four hours behind UTC.
    [InlineData("2025-07-15T13:29:59Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-07-15T13:30:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-07-15T20:00:00Z", MarketPhase.Extended, MarketPhase.Closed)]
    // The Friday before and the Monday after each clock change.
    [InlineData("2025-03-07T14:29:59Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-03-07T14:30:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-03-10T13:29:59Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-03-10T13:30:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-10-31T13:30:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-11-03T14:29:59Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-11-03T14:30:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    // On Saturday and Sunday the market is closed.
    [InlineData("2025-01-18T15:00:00Z", MarketPhase.Closed, MarketPhase.Closed)]
    [InlineData("2025-01-19T15:00:00Z", MarketPhase.Closed, MarketPhase.Closed)]
    // Thanksgiving, and the half day on the day after.
    [InlineData("2025-11-27T15:00:00Z", MarketPhase.Closed, MarketPhase.Closed)]
    [InlineData("2025-11-28T14:30:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-11-28T17:59:59Z", MarketPhase.Regular, MarketPhase.Regular)]
    [InlineData("2025-11-28T18:00:00Z", MarketPhase.Extended, MarketPhase.Closed)]
    [InlineData("2025-11-28T22:00:00Z", MarketPhase.Closed, MarketPhase.Closed)]
    [InlineData("2025-12-01T15:00:00Z", MarketPhase.Regular, MarketPhase.Regular)]
    public void Stocks_and_options_follow_the_hours_of_the_exchange(string at, MarketPhase stocks, MarketPhase options)
    {
        _schedule.At(Market.Stock, At(at)).Phase.ShouldBe(stocks);
        _schedule.At(Market.Option, At(at)).Phase.ShouldBe(options);
    }

    [Theory]
    [InlineData("2025-01-17T21:59:59Z", MarketPhase.Regular)]
    [InlineData("2025-01-17T22:00:00Z", MarketPhase.Closed)]
    [InlineData("2025-01-18T12:00:00Z", MarketPhase.Closed)]
    [InlineData("2025-01-19T21:59:59Z", MarketPhase.Closed)]
    [InlineData("2025-01-19T22:00:00Z", MarketPhase.Regular)]
    [InlineData("2025-01-20T03:00:00Z", MarketPhase.Regular)]
    // The clocks change on the Sunday on which the trading week begins, so the week begins at 17:00 of the new local time.
    [InlineData("2025-03-09T20:59:59Z", MarketPhase.Closed)]
    [InlineData("2025-03-09T21:00:00Z", MarketPhase.Regular)]
    [InlineData("2025-11-02T21:59:59Z", MarketPhase.Closed)]
    [InlineData("2025-11-02T22:00:00Z", MarketPhase.Regular)]
    public void Currencies_trade_from_Sunday_to_Friday(string at, MarketPhase phase) =>
        _schedule.At(Market.Forex, At(at)).Phase.ShouldBe(phase);

    [Theory]
    [InlineData("XAUUSD", "2025-01-15T21:59:59Z", MarketPhase.Regular)]
    [InlineData("XAUUSD", "2025-01-15T22:00:00Z", MarketPhase.Closed)]
    [InlineData("XAUUSD", "2025-01-15T22:59:59Z", MarketPhase.Closed)]
    [InlineData("XAUUSD", "2025-01-15T23:00:00Z", MarketPhase.Regular)]
    [InlineData("EURUSD", "2025-01-15T22:30:00Z", MarketPhase.Regular)]
    [InlineData("XAGUSD", "2025-01-18T12:00:00Z", MarketPhase.Closed)]
    [InlineData("BTC-USD", "2025-01-18T12:00:00Z", MarketPhase.Regular)]
    public void Metals_pause_for_an_hour_a_day(string symbol, string at, MarketPhase phase) =>
        _schedule.At(Symbol.TryParse(symbol, out var parsed) ? parsed : throw new ArgumentException(symbol), At(at)).Phase.ShouldBe(phase);

    [Fact]
    public void Session_has_beginning_and_end()
    {
        _schedule.At(Market.Stock, At("2025-01-15T15:00:00Z")).ShouldBe(
            new MarketSession(MarketPhase.Regular, At("2025-01-15T14:30:00Z"), At("2025-01-15T21:00:00Z")));
        _schedule.At(Market.Forex, At("2025-01-15T23:00:00Z")).ShouldBe(
            new MarketSession(MarketPhase.Regular, At("2025-01-12T22:00:00Z"), At("2025-01-17T22:00:00Z")));
        _schedule.At(Market.Crypto, At("2025-01-15T23:00:00Z")).ShouldBe(
            new MarketSession(MarketPhase.Regular, DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
    }

    internal static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
