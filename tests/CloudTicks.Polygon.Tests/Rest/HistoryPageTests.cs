using CloudTicks.Polygon.Rest;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Polygon.Tests.Rest;

public class HistoryPageTests
{
    [Theory]
    [InlineData(Market.Stock, TickKind.Trade, "BRK.A", "/v3/trades/BRK.A")]
    [InlineData(Market.Stock, TickKind.Quote, "ABC", "/v3/quotes/ABC")]
    [InlineData(Market.Option, TickKind.Quote, "O:SPY251219C00650000", "/v3/quotes/O:SPY251219C00650000")]
    [InlineData(Market.Forex, TickKind.Quote, "XAUUSD", "/v3/quotes/C:XAU-USD")]
    [InlineData(Market.Forex, TickKind.Quote, "C:ABCUSD", "/v3/quotes/C:ABC-USD")]
    [InlineData(Market.Crypto, TickKind.Trade, "BTC-USD", "/v3/trades/X:BTC-USD")]
    public async Task ReadTicks_asks_in_ascending_order_from_the_first_to_behind_the_last_nanosecond(
        Market market, TickKind kind, string name, string path)
    {
        await using var peer = await RestPeer.StartAsync("""{"status":"OK","request_id":"1"}""");

        var read = await ReadHistory.AllAsync(peer.Client, market, kind, name);

        (read.Ticks.Count, read.Rejected, read.Pages).ShouldBe((0, 0, 1));
        peer.Asked.ShouldBe(
        [
            $"{path}?timestamp.gte=1700000000000000000&timestamp.lt=1700000001000000000"
                + $"&order=asc&sort=timestamp&limit=50000|Bearer {RestPeer.ApiKey}",
        ]);
    }

    [Fact]
    public async Task ReadTicks_follows_pages_to_the_last_with_the_key_in_the_header_alone()
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            Page(number, number < 2 ? $"http://{context.Request.Host}/v3/trades/ABC?cursor={number}" : null)));

        var read = await ReadHistory.AllAsync(peer.Client, Market.Stock, TickKind.Trade, "ABC");

        (read.Ticks.Count, read.Pages).ShouldBe((3, 3));
        peer.Asked.Skip(1).ShouldBe(
            [$"/v3/trades/ABC?cursor=0|Bearer {RestPeer.ApiKey}", $"/v3/trades/ABC?cursor=1|Bearer {RestPeer.ApiKey}"]);
        peer.Counted("cloudticks.polygon.rest.requests trades ok").ShouldBe(3);
    }

    [Theory]
    [InlineData("/v3/trades/ABC?cursor=same")]
    [InlineData("/v3/trades/ABC?timestamp.gte=1700000000000000000&timestamp.lt=1700000001000000000&order=asc&sort=timestamp&limit=50000")]
    public async Task ReadTicks_a_cursor_that_repeats_ends_with_an_exception_that_says_so(string next)
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            Page(number, $"http://{context.Request.Host}{next}")));

        var refusal = await ReadHistory.RefusedAsync(peer.Client);

        refusal.Failure.ShouldBe(RestFailure.BadAnswer);
        refusal.Message.ShouldContain("in a circle");
        peer.Asked.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task ReadTicks_rows_that_come_again_under_new_addresses_end_with_an_exception()
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            $$"""{"results":[{{Row(0)}},{{Row(1)}}],"next_url":"http://{{context.Request.Host}}/v3/trades/ABC?cursor={{number}}"}"""));

        (await ReadHistory.RefusedAsync(peer.Client)).Message.ShouldContain("in a circle");
    }

    [Fact]
    public async Task ReadTicks_pages_without_rows_that_never_end_are_given_up()
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            $$"""{"next_url":"http://{{context.Request.Host}}/v3/trades/ABC?cursor={{number}}"}"""));

        (await ReadHistory.RefusedAsync(peer.Client)).Message.ShouldContain("100 pages in a row were empty");
    }

    [Theory]
    [InlineData("http://localhost:1/v3/trades/ABC?cursor=1")]
    [InlineData("https://127.0.0.1/v3/trades/ABC?cursor=1")]
    [InlineData("https://api.example.com/v3/trades/ABC")]
    [InlineData("//api.example.com/v3/trades/ABC")]
    [InlineData("ftp://127.0.0.1/x")]
    public async Task ReadTicks_a_next_page_elsewhere_is_refused(string next)
    {
        await using var peer = await RestPeer.StartAsync(Page(0, next));

        var refusal = await ReadHistory.RefusedAsync(peer.Client);

        refusal.Failure.ShouldBe(RestFailure.BadAnswer);
        refusal.Message.ShouldContain("Polygon:RestEndpoint");
        peer.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ReadTicks_a_redirect_is_not_followed()
    {
        await using var elsewhere = await RestPeer.StartAsync("{}");
        await using var peer = await RestPeer.StartAsync((context, _) =>
        {
            context.Response.Redirect($"{elsewhere.Address}v3/trades/ABC");
            return Task.CompletedTask;
        });

        (await ReadHistory.RefusedAsync(peer.Client)).Message.ShouldContain("is not followed");
        elsewhere.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadTicks_a_quote_of_crypto_is_refused_at_once()
    {
        await using var peer = await RestPeer.StartAsync("{}");

        Should.Throw<ArgumentException>(() => peer.Client.ReadTicksAsync(
            ReadHistory.Symbol(Market.Crypto, "BTC-USD"), TickKind.Quote, 1, 2, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("https://api.polygon.io", true)]
    [InlineData("http://127.0.0.1:8100", true)]
    [InlineData("http://api.polygon.io", false)]
    [InlineData("ftp://api.polygon.io", false)]
    public void RestEndpoint_unencrypted_is_refused_but_on_this_machine(string address, bool accepted)
    {
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, "x")]).Build());

        new PolygonOptionsValidation(key)
            .Validate(null, new PolygonOptions { RestEndpoint = new Uri(address) }).Succeeded.ShouldBe(accepted);
    }

    private static string Row(int ms) =>
        $$"""{"exchange":4,"id":"{{ms}}","price":1.5,"sip_timestamp":{{1_700_000_000_123 + ms}}000000,"size":1}""";

    private static string Page(int number, string? next) =>
        $$"""{"results":[{{Row(number)}}],"status":"OK"{{(next is null ? "" : $",\"next_url\":\"{next}\"")}}}""";
}
