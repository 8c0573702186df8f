using System.Globalization;
using System.Text.Json;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Simulator.Synthetic;
using CloudTicks.Simulator.Tests.Rest;

namespace CloudTicks.Simulator.Tests.Reference;

public sealed class ReferenceTests
{
    [Fact]
    public async Task Contracts_of_an_underlying_are_paged_without_expired_ones()
    {
        await using var simulator = await SimulatorHost.StartAsync();

        var contracts = await simulator.PagesAsync("/v3/reference/options/contracts?underlying_ticker=SPY&limit=100", 100);

        contracts.Count.ShouldBeGreaterThan(500);
        contracts.Select(contract => Text(contract, "ticker")).ShouldBeUnique();
        contracts.Select(contract => Text(contract, "ticker"))
            .ShouldBe(contracts.Select(contract => Text(contract, "ticker")).Order(StringComparer.Ordinal));
        foreach (var contract in contracts)
        {
            OptionContract.TryParse(Text(contract, "ticker"), out var named).ShouldBeTrue();
            named.Underlying.ShouldBe(Text(contract, "underlying_ticker"));
            named.Expiry.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture).ShouldBe(Text(contract, "expiration_date"));
            (named.IsCall ? "call" : "put").ShouldBe(Text(contract, "contract_type"));
            named.Strike.ShouldBe(contract.GetProperty("strike_price").GetDecimal());
            // A new day may have begun since the request.
            named.Expiry.ShouldBeGreaterThanOrEqualTo(
                NewYork.DayOf(TimeProvider.System.GetUtcNow()).AddDays(-1));
        }
    }

    [Fact]
    public async Task Contracts_are_chosen_by_type_expiry_and_strike()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        var today = NewYork.DayOf(TimeProvider.System.GetUtcNow());
        var day = (int days) => today.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        var nearContracts = await simulator.PagesAsync(
            $"/v3/reference/options/contracts?underlying_ticker=AAPL&contract_type=put&expiration_date.gte={day(0)}"
                + $"&expiration_date.lte={day(30)}&sort=expiration_date&order=desc&limit=1000");
        var strike = nearContracts.Min(contract => contract.GetProperty("strike_price").GetDecimal());
        var contractsAboveStrike = await simulator.PagesAsync(
            $"/v3/reference/options/contracts?underlying_ticker=AAPL&strike_price.gt={strike}&limit=1000");
        var expired = await simulator.PagesAsync("/v3/reference/options/contracts?underlying_ticker=AAPL&expired=true");
        var none = await simulator.JsonAsync("/v3/reference/options/contracts?underlying_ticker=nope");

        nearContracts.ShouldNotBeEmpty();
        nearContracts.ShouldAllBe(
            contract => Text(contract, "contract_type") == "put" && string.CompareOrdinal(Text(contract, "expiration_date"), day(30)) <= 0);
        nearContracts.Select(contract => Text(contract, "expiration_date"))
            .ShouldBe(nearContracts.Select(contract => Text(contract, "expiration_date")).OrderDescending());
        contractsAboveStrike.ShouldNotBeEmpty();
        contractsAboveStrike.ShouldAllBe(contract => contract.GetProperty("strike_price").GetDecimal() > strike);
        expired.ShouldNotBeEmpty();
        expired.ShouldAllBe(contract => string.CompareOrdinal(Text(contract, "expiration_date"), day(1)) < 0);
        none.TryGetProperty("results", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Markets_are_open_and_holidays_are_listed()
    {
        await using var simulator = await SimulatorHost.StartAsync();

        var marketStatus = await simulator.JsonAsync("/v1/marketstatus/now");
        var upcoming = (await simulator.JsonAsync("/v1/marketstatus/upcoming")).EnumerateArray().ToList();

        marketStatus.GetProperty("market").GetString().ShouldBe("open");
        marketStatus.GetProperty("currencies").GetProperty("fx").GetString().ShouldBe("open");
        marketStatus.GetProperty("exchanges").GetProperty("nyse").GetString().ShouldBe("open");
        DateTimeOffset.TryParse(marketStatus.GetProperty("serverTime").GetString(), CultureInfo.InvariantCulture, out _).ShouldBeTrue();
        upcoming.Count.ShouldBe(12);
        upcoming.Select(holiday => Text(holiday, "date")).ShouldBeInOrder();
        upcoming.ShouldContain(holiday => Text(holiday, "status") == "closed" && Text(holiday, "exchange") == "NASDAQ");
    }

    [Fact]
    public void Day_after_Thanksgiving_closes_early()
    {
        var holidays = HolidayCalendar.From(new DateOnly(2025, 11, 20)).ToList();

        holidays[..3].Select(holiday => (holiday.Day, holiday.ClosesAt)).ShouldBe(
            [(new DateOnly(2025, 11, 27), null), (new DateOnly(2025, 11, 28), new TimeOnly(13, 0)), (new DateOnly(2025, 12, 25), null)]);
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
