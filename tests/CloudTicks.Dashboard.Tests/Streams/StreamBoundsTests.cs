using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CloudTicks.Dashboard.Board;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Dashboard.Tests.Streams;

/// <summary>The limits on the resources that a browser, or a client that imitates one, can use on the server.</summary>
public sealed class StreamBoundsTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData("Dashboard:StreamsPerClient", "close a tab")]
    [InlineData("Dashboard:Streams", "try again")]
    public async Task Stream_above_the_limit_is_refused_until_another_ends(string limitSetting, string sentence)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url, settings: (limitSetting, "2"));
        using var first = await EventReader.OpenAsync(page.Http, "/api/page/board");
        using (await EventReader.OpenAsync(page.Http, "/api/page/live/EURUSD"))
        {
            using var refused = await page.Http.GetAsync("/api/page/pipeline", TestContext.Current.CancellationToken);
            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(sentence);
        }

        while (true)
        {
            using var retry = await page.Http.GetAsync(
                "/api/page/pipeline", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (retry.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            await page.Services.GetRequiredService<SymbolBoard>().Snapshot.Superseded.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Stalled_reader_delays_no_other()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        await using var sender = new TickSender(nats.Url);
        await page.UntilConnectedAsync();
        using var stalledClient = new TcpClient { ReceiveBufferSize = 4_096 };
        await stalledClient.ConnectAsync(IPAddress.Loopback, page.Address.Port, TestContext.Current.CancellationToken);
        await stalledClient.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"GET /api/page/board HTTP/1.1\r\nHost: {page.Address.Authority}\r\n\r\n"),
            TestContext.Current.CancellationToken);

        using var reader = await EventReader.OpenAsync(page.Http, "/api/page/board");
        for (var round = 0; round < 8; round++)
        {
            var price = round + 1;
            await sender.SendAsync(
                Enumerable.Range(0, 2_000).Select(symbol => Name(symbol)).Select(name => (name, TickSender.Trade(name, Now, price))));
            await reader.UntilAsync("board", frame => frame.GetProperty("rows").EnumerateArray().Any(row => row[4].GetInt32() == price));
        }

        static string Name(int symbol) => string.Create(CultureInfo.InvariantCulture, $"S{symbol}");
    }

    [Fact]
    public async Task Frame_has_at_most_1500_rows_with_rows_in_view_first()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        await using var sender = new TickSender(nats.Url);
        await page.UntilConnectedAsync();
        var board = page.Services.GetRequiredService<SymbolBoard>();
        var names = Enumerable.Range(0, 4_000).Select(symbol => string.Create(CultureInfo.InvariantCulture, $"S{symbol}")).ToList();
        await sender.SendAsync(names.Select(name => (name, TickSender.Trade(name, Now, 5))));
        while (board.Snapshot.Rows.Length < names.Count)
        {
            await board.Snapshot.Superseded.WaitAsync(TestContext.Current.CancellationToken);
        }

        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/board");
        var receivedSymbols = new HashSet<string>();
        string id;
        do
        {
            var frame = await stream.NextAsync("board");
            id = frame.GetProperty("stream").GetString()!;
            frame.GetProperty("rows").GetArrayLength().ShouldBeLessThanOrEqualTo(1_500);
            receivedSymbols.UnionWith(frame.GetProperty("rows").EnumerateArray().Select(row => row[0].GetString()!));
        }
        while (receivedSymbols.Count < names.Count);

        using var view = await client.SendAsync(
            HttpMethod.Post, $"/api/page/board/{id}/view", new { symbols = (string[])["S3999", "S17", "NONE"] });
        view.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await sender.SendAsync(names.Select(name => (name, TickSender.Trade(name, Now, 6))));
        await stream.UntilAsync("board", frame => frame.GetProperty("rows") is var rows && rows.GetArrayLength() > 1
            && rows[0][0].GetString() is "S3999" or "S17");
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("{\"symbols\":[null]}", 400)]
    [InlineData("[", 400)]
    [InlineData("{\"symbols\":[]}", 404)]
    public async Task Invalid_view_or_view_of_an_unknown_stream_is_refused(string json, int status)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/page/board/0123456789abcdef/view") { Content = body };
        request.Headers.Add("Cookie", client.Cookie);
        request.Headers.Add("X-CloudTicks-Token", client.Token);
        using var response = await page.Http.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status);
    }
}
