using System.Globalization;
using System.Net;
using System.Text.Json;
using CloudTicks.Dashboard.Board;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Dashboard.Tests.Board;

/// <summary>The board's stream with a real NATS server.</summary>
public sealed class BoardStreamTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    private static long Now(TimeProvider? time = null) => (time ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Tick_is_sent_as_a_row_and_then_as_a_change()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        await using var sender = new TickSender(nats.Url);
        await page.UntilConnectedAsync();
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/board");
        (await stream.NextAsync("feed")).GetProperty("connected").GetBoolean().ShouldBeTrue();
        (await stream.NextAsync("board")).GetProperty("full").GetBoolean().ShouldBeTrue();

        var now = Now();
        await sender.SendAsync("EURUSD", TickSender.Quote("EURUSD", now, 1.1m, 1.2m));
        await sender.SendAsync("AAPL", TickSender.Trade("AAPL", now, 201.5m));
        var row = await RowAsync(stream, "EURUSD");
        row.GetRawText().ShouldStartWith(string.Create(CultureInfo.InvariantCulture, $"[\"EURUSD\",\"forex\",1.1,1.2,1.15,1.15,{now},"));
        row.GetArrayLength().ShouldBe(9);

        await sender.SendAsync("EURUSD", TickSender.Quote("EURUSD", now + 1, 1.3m, 1.4m));
        row = await RowAsync(stream, "EURUSD", seen => seen[2].GetDecimal() == 1.3m);
        row[4].GetDecimal().ShouldBe(1.35m);
        row[5].GetDecimal().ShouldBe(1.15m);
        row.GetArrayLength().ShouldBe(8);
    }

    [Fact]
    public async Task Dropped_stream_resumes_with_the_changed_rows()
    {
        var time = new TestTime();
        await using var page = await RunningDashboard.StartAsync(nats.Url, time);
        await using var sender = new TickSender(nats.Url);
        var board = page.Services.GetRequiredService<SymbolBoard>();
        var feed = page.Services.GetRequiredService<BoardFeed>();
        await time.UntilTimerAsync(SymbolBoard.SnapshotInterval, TestContext.Current.CancellationToken);
        await SnapshotsAsync(() => feed.State.IsConnected);
        await sender.SendAsync("GBPUSD", TickSender.Quote("GBPUSD", Now(time), 1, 2));
        await SnapshotsAsync(() => board.Snapshot.Rows.Length == 1);
        // Also wait until the tick rate is zero again, so that the row no longer changes.
        var targetNumber = board.Snapshot.Number + 60;
        await SnapshotsAsync(() => board.Snapshot.Number >= targetNumber);
        string id;
        using (var stream = await EventReader.OpenAsync(page.Http, "/api/page/board"))
        {
            var first = await stream.NextAsync("board");
            first.GetProperty("rows")[0][0].GetString().ShouldBe("GBPUSD");
            id = stream.LastId!;
        }

        await sender.SendAsync("USDJPY", TickSender.Quote("USDJPY", Now(time), 150, 151));
        await SnapshotsAsync(() => board.Snapshot.Rows.Length == 2);
        using var resumedStream = await EventReader.OpenAsync(page.Http, "/api/page/board", ("Last-Event-ID", id));
        var frame = await resumedStream.NextAsync("board");
        frame.GetProperty("full").GetBoolean().ShouldBeFalse();
        frame.GetProperty("rows").EnumerateArray().Select(row => row[0].GetString()).ShouldBe(["USDJPY"]);

        Task SnapshotsAsync(Func<bool> reached) => time.SnapshotsAsync(board, reached);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("00000000-5")]
    [InlineData("99999999999999999999999-1")]
    [InlineData("--")]
    public async Task Unknown_last_event_id_starts_a_full_stream(string id)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/board", ("Last-Event-ID", id));
        (await stream.NextAsync("board")).GetProperty("full").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Invalid_messages_are_skipped_and_ticks_continue()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        await using var sender = new TickSender(nats.Url);
        await page.UntilConnectedAsync();
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/board");
        var now = Now();
        await sender.SendAsync("EURUSD",
            "", "no json", "[]", "{\"symbol\":\"EURUSD\"", "{\"symbol\":7,\"timestamp_ms\":1,\"bid\":1}",
            "{\"symbol\":\"\",\"timestamp_ms\":1}",
            TickSender.Quote("<script>alert(1)</script>,", now, 1, 2), TickSender.Quote("eurusd", now, 1, 2),
            TickSender.Quote("A\\u0000B", now, 1, 2),
            TickSender.Quote(new string('A', 2_000), now, 1, 2), TickSender.Quote("\\ud800", now, 1, 2),
            "{\"symbol\":\"EURUSD\",\"timestamp_ms\":99999999999999999,\"bid\":5,\"ask\":6}",
            TickSender.Quote("EURUSD", now + 60_000, 7, 8));
        var rows = await RowsUntilAsync(stream, row => row[2].GetDecimal() == 7);
        rows.ShouldAllBe(name => name == "EURUSD");
        using var health = await page.Http.GetAsync("/health", TestContext.Current.CancellationToken);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<List<string>> RowsUntilAsync(EventReader stream, Predicate<JsonElement> condition)
    {
        var names = new List<string>();
        while (true)
        {
            foreach (var row in (await stream.NextAsync("board")).GetProperty("rows").EnumerateArray())
            {
                names.Add(row[0].GetString()!);
                if (condition(row))
                {
                    return names;
                }
            }
        }
    }

    private static async Task<JsonElement> RowAsync(EventReader stream, string symbol, Predicate<JsonElement>? condition = null)
    {
        while (true)
        {
            foreach (var row in (await stream.NextAsync("board")).GetProperty("rows").EnumerateArray())
            {
                if (row[0].GetString() == symbol && (condition is null || condition(row)))
                {
                    return row;
                }
            }
        }
    }
}
