using System.Text.Json;
using CloudTicks.EventStream.Topics;
using CloudTicks.TestServices;

namespace CloudTicks.Verification.Tests;

public sealed class RunObservationTests(PostgresFixture postgres, NatsFixture nats)
{
    private const int Count = 5;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_in_which_every_tick_arrived_is_ok()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);

        var report = await run.VerifyAsync(run.FeedCounts(), Cancellation);

        report.Problems.ShouldBeEmpty();
        (report.FeedSent, report.Archived, report.Stored, report.Published, report.Duplicates, report.Lost).ShouldBe((6, 6, 5, 5, 1, 0));
        report.Symbols.ShouldHaveSingleItem().Value.ShouldBe(new SymbolReport(6, 5, 5));
        report.RowLatency.P99.ShouldNotBeNull();
    }

    [Fact]
    public async Task Report_as_json_has_the_documented_keys_in_their_order()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);
        var report = await run.VerifyAsync(run.FeedCounts(), Cancellation);

        using var json = JsonDocument.Parse(RunReportJson.Format(report));

        json.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(
        [
            "ok", "seconds", "feed_sent", "received", "rejected", "archived", "stored", "published", "duplicates", "lost", "latency_ms",
            "symbols",
            "made", "recovered", "missed_by_subscriber", "restarts", "gaps",
        ]);
        json.RootElement.GetProperty("symbols").GetProperty("EURUSD").GetRawText().ShouldBe("""{"feed_sent":6,"stored":5,"published":5}""");
    }

    [Fact]
    public async Task Missing_row_is_reported_as_lost()
    {
        await using var run = await FullRunAsync(stored: index => index != 2, published: _ => true);

        var report = await run.VerifyAsync(run.FeedCounts(), Cancellation);

        (report.Ok, report.Stored, report.Lost).ShouldBe((false, 4, 1));
        report.Problems.ShouldContain("EURUSD: the archive has 5 distinct ticks, but the table has 4.");
    }

    [Fact]
    public async Task Unpublished_tick_makes_the_run_fail()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: index => index != 4);

        var report = await run.VerifyAsync(run.FeedCounts(), Cancellation);

        (report.Ok, report.Published, report.Lost).ShouldBe((false, 4, 0));
    }

    [Fact]
    public async Task Different_tick_is_detected_by_its_sum()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);
        var counts = run.FeedCounts();

        var report = await run.VerifyAsync(counts with { DistinctSum = counts.DistinctSum + 1 }, Cancellation);

        report.Ok.ShouldBeFalse();
        report.Problems.ShouldHaveSingleItem().ShouldContain("sum");
    }

    [Fact]
    public async Task Ticks_that_the_feed_sent_but_no_collector_read_are_lost()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);
        var counts = run.FeedCounts();

        var report = await run.VerifyAsync(counts with { Sent = counts.Sent + 2, Distinct = counts.Distinct + 2 }, Cancellation);

        (report.Ok, report.Lost).ShouldBe((false, 2));
    }

    [Fact]
    public async Task Feed_without_counts_has_sent_what_was_received()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);

        var report = await run.VerifyAsync(feed: null, Cancellation);

        report.Problems.ShouldBeEmpty();
        (report.FeedSent, report.Received, report.Duplicates).ShouldBe((6, 6, 1));
    }

    [Fact]
    public async Task Stalled_consumer_is_named()
    {
        await using var run = await ObservedRun.BeginAsync(postgres, nats, Cancellation);
        await run.ArchiveAsync(Count, Cancellation);
        await run.StoreAsync(_ => true, Cancellation);
        await run.PublishAsync(_ => true, Cancellation);
        run.Commit(ConsumerGroups.Timescale);

        var report = await run.VerifyAsync(run.FeedCounts(), Cancellation);

        report.Problems.ShouldHaveSingleItem().ShouldContain("Consumer group nats is making no progress");
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public async Task Tick_entered_by_command_must_also_arrive(bool stored, bool published, bool ok)
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);
        await run.AddAsync(stored, published, Cancellation);
        Commit(run);

        var report = await run.VerifyAsync(run.FeedCounts(), Cancellation);

        report.Ok.ShouldBe(ok, string.Join(' ', report.Problems));
        (report.FeedSent, report.Archived, report.Stored, report.Published, report.Lost).ShouldBe((6, 6, 5, 5, 0));
    }

    [Fact]
    public async Task Tick_fetched_over_REST_is_expected_if_the_market_made_it()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);
        var made = await run.RecoverAsync(Cancellation);
        Commit(run);

        var report = await run.VerifyAsync(run.FeedCounts() with { Made = made }, Cancellation);

        report.Problems.ShouldBeEmpty();
        (report.Made, report.Stored, report.Recovered, report.Lost).ShouldBe((6, 6, 1, 0));
        report.Notes.ShouldHaveSingleItem().ShouldContain("1 ticks were missed live");
    }

    [Fact]
    public async Task Tick_made_without_a_session_and_never_fetched_is_lost()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);
        var sent = run.FeedCounts();

        var report = await run.VerifyAsync(sent with { Made = new DistinctTicks(sent.Distinct + 3, sent.DistinctSum + 9) }, Cancellation);

        (report.Ok, report.Lost).ShouldBe((false, 3));
    }

    [Fact]
    public async Task Message_missed_during_a_NATS_outage_is_no_loss()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: index => index != 4);
        var restartedMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var report = await run.VerifyAsync(run.FeedCounts(), new RunCircumstances { NatsRestartedMs = restartedMs }, Cancellation);

        report.Problems.ShouldBeEmpty();
        (report.Published, report.MissedBySubscriber).ShouldBe((4, 1));
        report.Notes.ShouldHaveSingleItem().ShouldContain("NATS delivers at most once");
    }

    [Fact]
    public async Task Message_missed_after_the_NATS_outage_fails_the_run()
    {
        await using var run = await FullRunAsync(stored: _ => true, published: index => index != 4);

        var report = await run.VerifyAsync(run.FeedCounts(), new RunCircumstances { NatsRestartedMs = 1 }, Cancellation);

        (report.Ok, report.MissedBySubscriber).ShouldBe((false, 0));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Open_gap_fails_for_a_feed_without_counts(bool feedHasCounts, bool ok)
    {
        await using var run = await FullRunAsync(stored: _ => true, published: _ => true);
        var gap = new RunGap("EURUSD", "quote", 1_737_993_600_000, 1_737_993_605_000, "start", "open", 0, null);

        var report = await run.VerifyAsync(feedHasCounts ? run.FeedCounts() : null, new RunCircumstances { Gaps = [gap] }, Cancellation);

        report.Ok.ShouldBe(ok);
        report.Notes.Concat(report.Problems).ShouldHaveSingleItem()
            .ShouldContain("EURUSD quotes from 16:00:00.000Z to 16:00:05.000Z (start, open)");
        using var json = JsonDocument.Parse(RunReportJson.Format(report));
        json.RootElement.GetProperty("gaps").GetProperty("open").GetInt32().ShouldBe(1);
        json.RootElement.GetProperty("gaps").GetProperty("not_filled")[0].GetProperty("from_ms").GetInt64().ShouldBe(1_737_993_600_000);
    }

    private static void Commit(ObservedRun run)
    {
        run.Commit(ConsumerGroups.Timescale);
        run.Commit(ConsumerGroups.Nats);
    }

    private async Task<ObservedRun> FullRunAsync(Func<int, bool> stored, Func<int, bool> published)
    {
        var run = await ObservedRun.BeginAsync(postgres, nats, Cancellation);
        await run.ArchiveAsync(Count, Cancellation);
        await run.StoreAsync(stored, Cancellation);
        await run.PublishAsync(published, Cancellation);
        Commit(run);
        return run;
    }
}
