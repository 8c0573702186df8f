using System.Globalization;
using System.Text;
using CloudTicks.EventStream.Topics;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Collection.Tests;

[Collection(Hub.Name)]
public class CollectorServiceTests(EventHubFixture fixture)
{
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly ArchiveReader _archive = new(fixture.BootstrapServers);

    private static string Quote(string pair, int number, int ask = 999_999) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"ev":"C","p":"{{pair}}","x":48,"b":{{number}},"a":{{ask}},"t":{{Now}}}""");

    [Fact]
    public async Task Warm_up_ticks_are_neither_archived_nor_counted()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.UntilClosedAsync();
        });
        var before = await _archive.ReadPositionsAsync(TopicNames.TickArchive);
        var letters = await _archive.ReadPositionsAsync(TopicNames.DeadLetters);
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols", "EURUSD"));

        var status = await running.UntilAsync(status => status.Connected.GetValueOrDefault("forex"));
        await running.StopAsync();

        (status.Received, status.Archived, status.Unselected, status.RejectedDistinct).ShouldBe((0, 0, 0, 0));
        status.Symbols.ShouldBeEmpty();
        ArchiveReader.Ticks(await _archive.RecordsAsync(TopicNames.TickArchive, before)).ShouldBeEmpty();
        (await _archive.RecordsAsync(TopicNames.DeadLetters, letters)).ShouldBeEmpty();
        running.Entries("collector").ShouldNotContain("rehearsal");
    }

    [Fact]
    public async Task Every_tick_is_archived_once_in_order_per_symbol()
    {
        const int frames = 2_000;
        string[] pairs = ["EUR/USD", "XAU/USD", "GBP-USD", "C:USDJPY"];
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            for (var frame = 0; frame < frames; frame++)
            {
                await peer.SendAsync($"[{string.Join(',', pairs.Select(pair => Quote(pair, frame + 1)))}]");
            }

            await peer.UntilClosedAsync();
        });
        var before = await _archive.ReadPositionsAsync(TopicNames.TickArchive);
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols", "EURUSD,XAUUSD,GBPUSD,USDJPY"));

        var status = await running.UntilAsync(status => status.Archived == frames * pairs.Length);
        (await running.HealthAsync()).ShouldBe(HealthStatus.Healthy);
        await running.StopAsync();

        var records = await _archive.RecordsAsync(TopicNames.TickArchive, before);
        records.ShouldAllBe(record => record.HeaderText(HeaderNames.Feed) == "simulated");
        var ticks = ArchiveReader.Ticks(records);
        foreach (var symbol in ticks.GroupBy(tick => tick.Symbol))
        {
            symbol.Select(tick => tick.Bid)
                .ShouldBe(Enumerable.Range(1, frames).Select(number => number.ToString(CultureInfo.InvariantCulture)));
            var sum = symbol.Aggregate(0UL, (sum, tick) => unchecked(sum + tick.Identity));
            (status.Symbols[symbol.Key].Received, status.Symbols[symbol.Key].Sum).ShouldBe((frames, $"{sum:x16}"));
        }

        status.Symbols.Keys.ShouldBe(["EURUSD", "GBPUSD", "USDJPY", "XAUUSD"]);
        (status.Feed, status.Received).ShouldBe(("simulated", frames * pairs.Length));
        // The count includes gap records, but not those that were acknowledged after the status was read.
        status.ArchivedRecords.ShouldBeInRange(records.Count(record => !GapRecord.IsGap(record.Value.Span)), records.Count);
        status.Connected.ShouldBe(new Dictionary<string, bool> { ["forex"] = true });
        status.FirstTickMs.ShouldNotBeNull().ShouldBeInRange(Now, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Rejected_elements_are_sent_unchanged_to_dead_letters()
    {
        var crossed = Quote("EUR/USD", 5, 4);
        const string broken = """{"ev":"C","p":"EUR/USD","b":NaN}""";
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync($$"""[{{crossed}},{{Quote("EUR/USD", 1)}},{{crossed}},{{broken}},{"ev":"CA","pair":"EUR/USD"}]""");
            await peer.UntilClosedAsync();
        });
        var before = await _archive.ReadPositionsAsync(TopicNames.DeadLetters);
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:RefuseCrossedCurrencies", "true"));

        var status = await running.UntilAsync(status => status.Archived == 1);
        // A stop waits only briefly for acknowledgements; records without one stay on disk.
        await _archive.UntilRecordsAsync(TopicNames.DeadLetters, before, 3);
        await running.StopAsync();

        status.Rejected.ShouldBe(new Dictionary<string, long> { ["crossed"] = 2, ["not_json"] = 1 }, ignoreOrder: true);
        (status.Received, status.RejectedDistinct, status.Crossed).ShouldBe((4, 2, 0));
        status.Ignored.ShouldBe(new Dictionary<string, long> { ["CA"] = 1 });
        var letters = await _archive.RecordsAsync(TopicNames.DeadLetters, before);
        letters.Select(letter => (letter.HeaderText(HeaderNames.Reason), Encoding.UTF8.GetString(letter.Value.Span)))
            .ShouldBe([("crossed", crossed), ("crossed", crossed), ("not_json", broken)]);
    }

    [Fact]
    public async Task Crossed_currency_quote_is_archived_with_flag()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync($"[{Quote("EUR/USD", 5, 4)},{Quote("EUR/USD", 1)}]");
            await peer.UntilClosedAsync();
        });
        var before = await _archive.ReadPositionsAsync(TopicNames.TickArchive);
        await using var running = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers);

        var status = await running.UntilAsync(status => status.Archived == 2);

        (status.Crossed, status.Rejected.Count).ShouldBe((1, 0));
        ArchiveReader.Ticks(await _archive.RecordsAsync(TopicNames.TickArchive, before)).Select(tick => tick.Flags & TickFlags.Crossed)
            .ShouldBe([TickFlags.Crossed, TickFlags.None]);
    }

    [Fact]
    public async Task Crossed_late_and_future_ticks_are_flagged()
    {
        const long dayMs = 24 * 3600 * 1000;
        static string Stock(int bid, long time) =>
            string.Create(CultureInfo.InvariantCulture, $$"""{"ev":"Q","sym":"ABC","bp":{{bid}},"ap":10,"t":{{time}},"q":1}""");
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync($"[{Stock(9, Now)},{Stock(11, Now)},{Stock(8, Now - (4 * dayMs))},{Stock(7, Now + dayMs)}]");
            await peer.UntilClosedAsync();
        });
        var before = await _archive.ReadPositionsAsync(TopicNames.TickArchive);
        await using var running = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers, ("Collector:Symbols:0", "ABC"));

        var status = await running.UntilAsync(status => status.Archived == 4);

        (status.Crossed, status.Late, status.Future, status.Rejected.Count).ShouldBe((1, 1, 1, 0));
        ArchiveReader.Ticks(await _archive.RecordsAsync(TopicNames.TickArchive, before)).Select(tick => tick.Flags)
            .ShouldBe([TickFlags.None, TickFlags.Crossed, TickFlags.Late, TickFlags.Future]);
        await running.StopAsync();

        await using var collectorWithoutChecks = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, ("Collector:Symbols:0", "ABC"), ("Collector:AgeCheck", "false"));
        status = await collectorWithoutChecks.UntilAsync(status => status.Archived == 4);
        (status.Crossed, status.Late, status.Future).ShouldBe((1, 0, 0));
    }

    [Fact]
    public async Task Stream_of_other_feed_is_refused_with_message()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            await peer.SendAsync($"[{Quote("EUR/USD", 1)}]");
            await peer.UntilClosedAsync();
        });
        await using (var simulated = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers))
        {
            await simulated.UntilAsync(status => status.Archived == 1);
        }

        await using var real = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers, ("Collector:FeedName", "polygon"));

        var refusal = await Should.ThrowAsync<CollectorException>(real.Collector.ExecuteTask!);
        refusal.Message.ShouldContain("'simulated'");
        refusal.Message.ShouldContain("'polygon'");
        feed.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Refused_key_is_reported_in_status_and_health()
    {
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.SendAsync(FeedPeer.Status("connected", "Connected Successfully"));
            await peer.ReceiveAsync();
            await peer.SendAsync(FeedPeer.Status("auth_failed", "authentication failed"));
            await peer.UntilClosedAsync();
        });
        await using var running = await RunningCollector.StartAsync(feed.Address, fixture.BootstrapServers);

        var status = await running.UntilAsync(status => status.Refused.Count > 0);

        status.Refused["forex"].ShouldContain("POLYGON_API_KEY");
        status.Connected["forex"].ShouldBeFalse();
        (await running.HealthAsync()).ShouldBe(HealthStatus.Unhealthy);
        feed.Accepted.ShouldBe(1);
    }
}
