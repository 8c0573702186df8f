using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;
using CloudTicks.Verification.Checks;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.Tests.Checks;

namespace CloudTicks.Verification.Tests.Reconciling;

public class ReconcileTests(ReconciledServers servers) : IClassFixture<ReconciledServers>
{
    private static readonly int[] AllNumbers = [.. Enumerable.Range(0, 200)];

    [Fact]
    public async Task Equal_feed_archive_and_table_agree_despite_repeats()
    {
        await using var system = await FilledAsync(AllNumbers, AllNumbers, AllNumbers);
        await system.ArchiveAsync([3, 4, 5]);
        system.Commit();

        var finding = await system.CheckAsync();

        finding.State.ShouldBe(CheckState.Pass, finding.Sentence);
        Fact(finding, "repeated_in_archive").ShouldBe(3);
        Fact(finding, "unexplained").ShouldBe(0);
        finding.Facts!["series"]![$"{system.Pair.Name} quote"]!.ToJsonString().ShouldBe("""{"feed":200,"archive":200,"table":200}""");
        finding.Sentence.ShouldContain("(it has counts for 4 of 4 minutes, summed over all series)");
    }

    [Fact]
    public async Task Row_that_is_missing_is_named_by_symbol_minute_and_identity()
    {
        await using var system = await FilledAsync(AllNumbers, AllNumbers, AllNumbers.Where(number => number != 130));

        var finding = await system.CheckAsync();

        finding.State.ShouldBe(CheckState.Fail);
        var difference = Difference(finding);
        (difference.Minute, difference.Archive, difference.Table, difference.What).ShouldBe(
            (ReconciledSystem.FirstMs + 120_000, 60, 59, "1 tick of the archive not in the table"));
        difference.Id.ShouldBe($"{TickIdentity.Of(system.TickOf(130)):x16}");
        finding.Cure!.ShouldContain("replay --to-table");
    }

    [Fact]
    public async Task Row_that_the_archive_lacks_fails()
    {
        await using var system = await FilledAsync(AllNumbers, AllNumbers.Where(number => number != 7), AllNumbers);
        system.SetGenerated(AllNumbers.Where(number => number != 7));

        Difference(await system.CheckAsync()).What.ShouldBe("1 tick of the table not in the archive");
    }

    [Fact]
    public async Task Replaced_tick_is_found_although_the_counts_agree()
    {
        await using var system = await FilledAsync([.. AllNumbers.Where(number => number != 5), 500], AllNumbers, AllNumbers);
        system.SetGenerated(AllNumbers.Select(number => number == 5 ? 6 : number).Distinct().Append(4));

        var finding = await system.CheckAsync();

        finding.State.ShouldBe(CheckState.Fail);
    }

    [Theory]
    [InlineData(GapState.Open, 0, CheckState.Pass)]
    [InlineData(GapState.Unfillable, 2, CheckState.Fail)]
    public async Task Known_missing_ticks_are_reported_and_fail_when_lost(GapState state, int lost, CheckState expected)
    {
        await using var system = await FilledAsync(AllNumbers, AllNumbers, AllNumbers);
        await system.StoreAsync(
            system.Gap(60, 70, state) with { Cause = "spool_damaged", Missing = 3, Restored = 1, Detail = "They were not recovered." });

        var finding = await system.CheckAsync();

        finding.State.ShouldBe(expected, finding.Sentence);
        finding.Sentence.ShouldContain("2 ticks known to be missing");
        (finding.Facts!["missing_ticks"]!.GetValue<long>(), finding.Facts["lost_ticks"]!.GetValue<long>()).ShouldBe((2 - lost, lost));
        if (lost > 0)
        {
            finding.Sentence.ShouldContain("2 ticks are lost");
            finding.Sentence.ShouldContain("(spool_damaged): They were not recovered. ");
        }
    }

    [Theory]
    [InlineData(GapState.Open, CheckState.Pass)]
    [InlineData(GapState.Unfillable, CheckState.Pass)]
    [InlineData(GapState.Filled, CheckState.Fail)]
    public async Task Missing_ticks_are_explained_by_a_gap_that_is_not_filled(GapState state, CheckState expected)
    {
        int[] received = [.. AllNumbers.Where(number => number is < 60 or > 70)];
        await using var system = await FilledAsync(AllNumbers, received, received);
        (await system.CheckAsync()).State.ShouldBe(CheckState.Fail);

        await system.StoreAsync(system.Gap(60, 70, state));
        var finding = await system.CheckAsync();

        finding.State.ShouldBe(expected, finding.Sentence);
        finding.Facts!["differences"]!.AsArray().Count.ShouldBe(1);
        Difference(finding).What.ShouldBe("11 ticks of the feed not in the archive");
    }

    [Theory]
    [InlineData(0, 500, CheckState.Fail)]
    [InlineData(0, -60_000, CheckState.Pass)]
    [InlineData(180, 500, CheckState.Pass)]
    public async Task Ticks_from_before_the_selection_are_explained(
        int first, int firstTickLaterMs, CheckState expected)
    {
        int[] received = [.. AllNumbers.Where(number => number >= first && number is < 60 or > 70)];
        await using var system = await FilledAsync(AllNumbers, received, received);
        var sinceMs = ReconciledSystem.FirstMs + 180_000;
        system.Collector.Respond("api/v1/status", ScriptedSystem.Status(firstTickMs: sinceMs + firstTickLaterMs));
        system.Collector.Respond(
            "api/v1/symbols", $"[{ScriptedSystem.Channel(system.Pair.Name, 10, wantedSinceMs: sinceMs)}]");

        var finding = await system.CheckAsync();

        finding.State.ShouldBe(expected, finding.Sentence);
    }

    [Fact]
    public async Task Missing_ticks_are_unknown_while_a_collector_is_unreachable()
    {
        int[] received = [.. AllNumbers.Where(number => number < 150)];
        await using var system = await FilledAsync(AllNumbers, received, received);
        (await system.CheckAsync()).State.ShouldBe(CheckState.Fail);

        system.Collector.Respond("api/v1/status", 503, "{}");
        var finding = await system.CheckAsync();

        (finding.State, finding.Sentence).ShouldSatisfyAllConditions(
            found => found.State.ShouldBe(CheckState.Unknown), found => found.Sentence.ShouldContain("A collector does not answer"));
        await system.ExecuteAsync(
            $"DELETE FROM market_ticks WHERE symbol = '{system.Pair.Name}' AND timestamp_ms = {system.TickOf(3).TimestampMs}");
        (await system.CheckAsync()).State.ShouldBe(CheckState.Fail);
    }

    [Fact]
    public async Task Feed_without_counts_is_reported()
    {
        await using var system = await FilledAsync([], AllNumbers, AllNumbers);
        var finding = await system.CheckAsync(isSimulated: false);
        (finding.State, finding.Sentence.Contains("the feed has no counts", StringComparison.Ordinal)).ShouldBe((CheckState.Pass, true));

        await system.ExecuteAsync(
            $"DELETE FROM market_ticks WHERE symbol = '{system.Pair.Name}' AND timestamp_ms = {system.TickOf(0).TimestampMs}");

        Difference(await system.CheckAsync(isSimulated: false)).What.ShouldBe("1 tick of the archive not in the table");
    }

    [Fact]
    public async Task Stalled_writer_fails_and_its_refusals_are_explained()
    {
        await using var system = await FilledAsync(AllNumbers, AllNumbers, AllNumbers.Where(number => number != 9));
        await system.RefuseAsync(9);
        var refused = await system.CheckAsync();
        (refused.State, Difference(refused).Explanation!.Contains("dead letters", StringComparison.Ordinal)).ShouldBe(
            (CheckState.Pass, true));

        await system.ArchiveAsync([1_000]);

        var finding = await system.CheckAsync();
        (finding.State, finding.Sentence.Contains("is making no progress; 1 archive record is unread", StringComparison.Ordinal)).ShouldBe(
            (CheckState.Fail, true));
    }

    [Fact]
    public async Task Gap_that_only_the_archive_has_fails()
    {
        await using var system = await FilledAsync(AllNumbers, AllNumbers, AllNumbers);
        var gap = system.Gap(10, 12, GapState.Filled);
        await system.ArchiveAsync(gap);
        system.Commit();
        Difference(await system.CheckAsync()).What.ShouldContain("but not in feed_gaps");

        await system.StoreAsync(gap);

        (await system.CheckAsync()).State.ShouldBe(CheckState.Pass);
    }

    [Fact]
    public async Task Time_and_symbols_narrow_the_comparison()
    {
        await using var system = await FilledAsync(AllNumbers, AllNumbers, AllNumbers.Where(number => number != 130));
        // These ticks are two hours older than the oldest row, in a chunk that retention has dropped.
        await system.ArchiveAsync([-7_200, -7_199], TickSource.DbCommand);
        system.Commit();
        var options = new VerificationOptions { FromMs = system.TickOf(-7_200).TimestampMs, ToMs = system.TickOf(120).TimestampMs };

        var finding = await system.CheckAsync(options: options);

        finding.State.ShouldBe(CheckState.Pass, finding.Sentence);
        finding.Sentence.ShouldContain("The table begins at");
        finding.Facts!["series"]![$"{system.Pair.Name} quote"]!.ToJsonString().ShouldBe("""{"feed":120,"archive":122,"table":120}""");
        SymbolFilter.TryParse(["BTC*"], out var others, out _).ShouldBeTrue();
        (await system.CheckAsync(options: new VerificationOptions { Symbols = others! })).State.ShouldBe(CheckState.Unknown);
    }

    private async Task<ReconciledSystem> FilledAsync(IEnumerable<int> generated, IEnumerable<int> archived, IEnumerable<int> stored)
    {
        var system = await ReconciledSystem.StartAsync(servers);
        system.SetGenerated(generated);
        await system.ArchiveAsync(archived);
        await system.StoreAsync(stored);
        system.Commit();
        return system;
    }

    private static long Fact(Finding finding, string name) => finding.Facts![name]!.GetValue<long>();

    private static (long Minute, long Archive, long? Table, string What, string? Explanation, string? Id) Difference(Finding finding)
    {
        var difference = finding.Facts!["differences"]!.AsArray().FirstOrDefault().ShouldNotBeNull(finding.Sentence);
        return (difference["minute_ms"]!.GetValue<long>(), difference["archive"]!.GetValue<long>(), difference["table"]?.GetValue<long>(),
            difference["what"]!.GetValue<string>(),
            difference["explanation"]?.GetValue<string>(), difference["ticks"]!.AsArray().FirstOrDefault()?["id"]!.GetValue<string>());
    }
}
