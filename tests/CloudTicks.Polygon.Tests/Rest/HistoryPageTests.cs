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
    public async Task ReadTicks_requests_whole_range_in_ascending_order(
        Market market, TickKind kind, string name, string path)
    {
        await using var peer = await RestPeer.StartAsync("""{"status":"OK","request_id":"1"}""");

        var read = await ReadHistory.AllAsync(peer.Client, market, kind, name);

        (read.Ticks.Count, read.Rejected, read.Pages).ShouldBe((0, 0, 1));
        peer.Requests.ShouldBe(
        [
            $"{path}?timestamp.gte=1700000000000000000&timestamp.lt=1700000001000000000"
                + $"&order=asc&sort=timestamp&limit=50000|Bearer {RestPeer.ApiKey}",
        ]);
    }

    [Fact]
    public async Task ReadTicks_follows_pages_with_key_in_header_only()
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            Page(number, number < 2 ? $"http://{context.Request.Host}/v3/trades/ABC?cursor={number}" : null)));

        var read = await ReadHistory.AllAsync(peer.Client, Market.Stock, TickKind.Trade, "ABC");

        (read.Ticks.Count, read.Pages).ShouldBe((3, 3));
        peer.Requests.Skip(1).ShouldBe(
            [$"/v3/trades/ABC?cursor=0|Bearer {RestPeer.ApiKey}", $"/v3/trades/ABC?cursor=1|Bearer {RestPeer.ApiKey}"]);
        peer.CounterValue("cloudticks.polygon.rest.requests trades ok").ShouldBe(3);
    }

    [Theory]
    [InlineData("/v3/trades/ABC?cursor=same")]
    [InlineData("/v3/trades/ABC?timestamp.gte=1700000000000000000&timestamp.lt=1700000001000000000&order=asc&sort=timestamp&limit=50000")]
    public async Task ReadTicks_repeated_cursor_throws(string next)
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            Page(number, $"http://{context.Request.Host}{next}")));

        var refusal = await ReadHistory.ReadErrorAsync(peer.Client);

        refusal.Failure.ShouldBe(RestFailure.BadResponse);
        refusal.Message.ShouldContain("form a cycle");
        peer.Requests.Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task ReadTicks_repeated_rows_throw()
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            $$"""{"results":[{{Row(0)}},{{Row(1)}}],"next_url":"http://{{context.Request.Host}}/v3/trades/ABC?cursor={{number}}"}"""));

        (await ReadHistory.ReadErrorAsync(peer.Client)).Message.ShouldContain("form a cycle");
    }

    [Fact]
    public async Task ReadTicks_endless_empty_pages_throw()
    {
        await using var peer = await RestPeer.StartAsync((context, number) => context.Response.WriteAsync(
            $$"""{"next_url":"http://{{context.Request.Host}}/v3/trades/ABC?cursor={{number}}"}"""));

        (await ReadHistory.ReadErrorAsync(peer.Client)).Message.ShouldContain("100 pages in a row were empty");
    }

    [Theory]
    [InlineData("http://localhost:1/v3/trades/ABC?cursor=1")]
    [InlineData("https://127.0.0.1/v3/trades/ABC?cursor=1")]
    [InlineData("https://api.example.com/v3/trades/ABC")]
    [InlineData("//api.example.com/v3/trades/ABC")]
    [InlineData("ftp://127.0.0.1/x")]
    public async Task ReadTicks_next_page_on_other_host_is_refused(string next)
    {
        await using var peer = await RestPeer.StartAsync(Page(0, next));

        var refusal = await ReadHistory.ReadErrorAsync(peer.Client);

        refusal.Failure.ShouldBe(RestFailure.BadResponse);
        refusal.Message.ShouldContain("Polygon:RestEndpoint");
        peer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task ReadTicks_redirect_is_not_followed()
    {
        await using var otherPeer = await RestPeer.StartAsync("{}");
        await using var peer = await RestPeer.StartAsync((context, _) =>
        {
            context.Response.Redirect($"{otherPeer.Address}v3/trades/ABC");
            return Task.CompletedTask;
        });

        (await ReadHistory.ReadErrorAsync(peer.Client)).Message.ShouldContain("the server redirects to");
        otherPeer.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task ReadTicks_crypto_quotes_throw_immediately()
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
    public void RestEndpoint_unencrypted_is_allowed_on_loopback_only(string address, bool accepted)
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
