using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CloudTicks.Dashboard.Live;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.Tests.Live;

/// <summary>The live ticks of one symbol, also when the connection to NATS is lost.</summary>
public sealed class LiveStreamTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Stream_has_only_the_ticks_of_its_symbol_unchanged()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        await using var sender = new TickSender(nats.Url);
        await page.UntilConnectedAsync();
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/live/EUR%2DUSD");
        (await stream.NextAsync("ticks")).GetProperty("ticks").GetArrayLength().ShouldBe(0);
        var tick = TickSender.Quote("EURUSD", Now, 1.5m, 1.6m);
        // Two symbols may share a subject, and a line break in a tick must not end the event.
        await sender.SendAsync("BRK.A", TickSender.Trade("BRK.A", Now, 1));
        await sender.SendAsync("EURUSD", tick.Replace(",", ",\n", StringComparison.Ordinal), TickSender.Quote("GBPUSD", Now, 1, 2));
        var frame = await stream.UntilAsync("ticks", frame => frame.GetProperty("ticks").GetArrayLength() > 0);
        frame.GetProperty("ticks").EnumerateArray().ShouldHaveSingleItem().GetRawText().Replace(" ", "", StringComparison.Ordinal)
            .ShouldBe(tick);
        frame.GetProperty("left_out").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Stream_ends_after_an_hour_to_check_its_session()
    {
        var time = new TestTime();
        await using var page = await RunningDashboard.StartAsync(nats.Url, time);
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/live/EURUSD");
        await stream.NextAsync("ticks");
        time.Advance(TimeSpan.FromHours(1));
        await Should.ThrowAsync<EndOfStreamException>(() => stream.NextAsync("ticks"));
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("a,b")]
    [InlineData("AAPL%00")]
    public async Task Invalid_symbol_is_refused(string symbol)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var response = await page.Http.GetAsync($"/api/page/live/{symbol}", TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBeOneOf(400, 404);
    }

    [Fact]
    public void Window_keeps_the_newest_200_and_counts_the_rest()
    {
        var window = new LiveWindow();
        for (var tick = 0; tick < 250; tick++)
        {
            window.Add(Encoding.UTF8.GetBytes(tick.ToString(CultureInfo.InvariantCulture)));
        }

        var frame = JsonElement.Parse(window.WriteFrame().Span);
        frame.GetProperty("ticks").EnumerateArray().Select(tick => tick.GetInt32()).ShouldBe(Enumerable.Range(50, 200));
        frame.GetProperty("left_out").GetInt32().ShouldBe(50);
        JsonElement.Parse(window.WriteFrame().Span).GetProperty("left_out").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Lost_nats_is_reported_and_ticks_resume()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        await page.UntilConnectedAsync();
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/board");
        await nats.KillAsync();
        var lost = await stream.UntilAsync("feed", feed => !feed.GetProperty("connected").GetBoolean());
        lost.GetProperty("sentence").GetString()!.ShouldContain("NATS");
        using (var health = await page.Http.GetAsync("/health", TestContext.Current.CancellationToken))
        {
            health.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("Degraded");
        }

        await nats.RestartAsync(TestContext.Current.CancellationToken);
        await stream.UntilAsync("feed", feed => feed.GetProperty("connected").GetBoolean());
        await using var sender = new TickSender(nats.Url);
        await sender.SendAsync("XAUUSD", TickSender.Quote("XAUUSD", Now, 2600, 2601));
        await stream.UntilAsync("board", frame => frame.GetProperty("rows").EnumerateArray().Any(row => row[0].GetString() == "XAUUSD"));
    }
}
