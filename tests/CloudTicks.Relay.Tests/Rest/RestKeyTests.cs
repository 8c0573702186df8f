using System.Net;
using CloudTicks.CentralHub.Tests.Access;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Rest;

[Collection(nameof(HistoryCollection))]
public class RestKeyTests(HistoryFixture history)
{
    [Fact]
    public async Task Key_is_read_from_header_or_query_and_is_not_in_next_url()
    {
        var ticks = new GeneratedTicks("KO", TickKind.Trade, 8);
        await ticks.WriteOneAsync(history, HistoryFixture.TableStartMs);
        await ticks.WriteOneAsync(history, HistoryFixture.TableStartMs + 1);
        await using var hub = await TestHub.StartAsync();
        hub.Keys["ctk"] = ("research", "reader");
        // The clock is stopped, so that the 3 s that the relay waits for the central hub never end.
        await using var relay = await HistoryRelay.StartAsync(
            history, new TestTime(), $"CentralHub:Endpoint={hub.Address}", "Listening:RequireKeys=true");

        foreach (var path in (string[])["/v3/trades/KO?limit=1", "/v3/trades/KO?limit=1&apiKey=ctx", "/v1/marketstatus/now"])
        {
            var (status, json) = await relay.GetAsync(path);
            status.ShouldBe(HttpStatusCode.Unauthorized);
            (json.GetProperty("status").GetString(), json.GetProperty("error").GetString()).ShouldBe(("ERROR", "Unknown API Key"));
        }

        foreach (var query in (string[])["apiKey=ctk", "APIKEY=ctk"])
        {
            var (status, json) = await relay.GetAsync($"/v3/trades/KO?limit=1&{query}");
            status.ShouldBe(HttpStatusCode.OK);
            var next = json.GetProperty("next_url").GetString()!;
            var cursor = System.Buffers.Text.Base64Url.DecodeFromChars(next.AsSpan(next.IndexOf('=', StringComparison.Ordinal) + 1));
            System.Text.Encoding.UTF8.GetString(cursor).ShouldNotContain("ctk");
            (await relay.GetAsync(next)).Status.ShouldBe(HttpStatusCode.Unauthorized);
            (await relay.GetAsync(next, key: "ctk")).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Key_above_its_rate_gets_429()
    {
        await using var relay = await HistoryRelay.StartAsync(history, null, "Relay:RequestsPerSecond=1");
        HttpStatusCode status;
        do
        {
            (status, _) = await relay.GetAsync("/v1/marketstatus/now");
        }
        while (status == HttpStatusCode.OK);

        status.ShouldBe(HttpStatusCode.TooManyRequests);
    }
}
