using CloudTicks.Polygon.Rest;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Polygon.Tests.Rest;

public class ReferenceTests
{
    [Fact]
    public async Task ReadContracts_reads_all_pages_and_skips_invalid_rows()
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(number == 0
            ? $$"""
                {"results":[
                {"ticker":"O:SPY251219C00650000","underlying_ticker":"SPY","contract_type":"call","expiration_date":"2025-12-19","strike_price":650,"shares_per_contract":100},
                {"ticker":"O:SPY251219P00650500","contract_type":"put","expiration_date":"2025-12-19","strike_price":650.5},
                {"ticker":"O:SPY"}, 7],
                "status":"OK","next_url":"http://{{context.Request.Host}}/v3/reference/options/contracts?cursor=a"}
                """
            : """{"results":[{"ticker":"O:SPY251220C00001000","contract_type":"warrant","expiration_date":"2025-12-20","strike_price":"1"}]}"""));
        var contracts = new List<string>();

        await foreach (var contract in peer.Client.ReadContractsAsync(
            "SPY", new DateOnly(2025, 12, 1), new DateOnly(2025, 12, 31), ContractType.Call, TestContext.Current.CancellationToken))
        {
            contracts.Add($"{contract.Symbol} {contract.Type} {contract.Expires:yyyy-MM-dd} {contract.Strike}");
        }

        contracts.ShouldBe(
            ["O:SPY251219C00650000 Call 2025-12-19 650", "O:SPY251219P00650500 Put 2025-12-19 650.5",
                "O:SPY251220C00001000 Other 2025-12-20 1"]);
        peer.Requests.First().ShouldStartWith(
            "/v3/reference/options/contracts?underlying_ticker=SPY&expiration_date.gte=2025-12-01&expiration_date.lte=2025-12-31"
                + "&contract_type=call&expired=false&order=asc&sort=expiration_date&limit=1000|");
        peer.CounterValue("cloudticks.polygon.rest.rows.rejected contracts bad_field").ShouldBe(2);
    }

    [Fact]
    public async Task GetMarketStatus_has_each_market()
    {
        await using var peer = await RestPeer.StartAsync(
            """{"afterHours":true,"currencies":{"crypto":"open","fx":"open"},"earlyHours":false,"exchanges":{"nasdaq":"extended-hours"},"market":"extended-hours","serverTime":"2020-11-10T17:37:37-05:00"}""");

        (await peer.Client.GetMarketStatusAsync(TestContext.Current.CancellationToken)).ShouldBe(
            new MarketStatus(new DateTimeOffset(2020, 11, 10, 17, 37, 37, TimeSpan.FromHours(-5)), "extended-hours", "open", "open"));
        peer.Requests.Single().ShouldStartWith("/v1/marketstatus/now|");
    }

    [Fact]
    public async Task GetHolidays_reads_closed_and_short_days()
    {
        await using var peer = await RestPeer.StartAsync(
            """
            [{"date":"2025-11-27","exchange":"NYSE","name":"Thanksgiving","status":"closed"},
             {"close":"2025-11-28T18:00:00.000Z","date":"2025-11-28","exchange":"NASDAQ","name":"Thanksgiving","open":"2025-11-28T14:30:00.000Z","status":"early-close"},
             {"date":"2025-11-29","exchange":"NYSE","status":"early-close"}, null]
            """);

        (await peer.Client.GetHolidaysAsync(TestContext.Current.CancellationToken)).ShouldBe(
        [
            new MarketHoliday(new DateOnly(2025, 11, 27), "NYSE", "Thanksgiving", null, null),
            new MarketHoliday(
                new DateOnly(2025, 11, 28), "NASDAQ", "Thanksgiving", new DateTimeOffset(2025, 11, 28, 14, 30, 0, TimeSpan.Zero),
                new DateTimeOffset(2025, 11, 28, 18, 0, 0, TimeSpan.Zero)),
        ]);
        peer.CounterValue("cloudticks.polygon.rest.rows.rejected holidays bad_field").ShouldBe(2);
    }
}
