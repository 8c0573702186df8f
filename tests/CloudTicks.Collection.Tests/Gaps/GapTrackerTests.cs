using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Tests.Gaps;

public sealed class GapTrackerTests : IDisposable
{
    private static readonly FeedChannel Euro = new(SymbolOf("EURUSD"), TickKind.Quote);
    private static readonly FeedChannel Gold = new(SymbolOf("XAUUSD"), TickKind.Quote);

    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new();
    private readonly Dictionary<Symbol, SymbolActivity> _activity = [];
    private readonly GapLedger _ledger;
    private readonly GapTracker _tracker;
    private readonly long _startMs;

    public GapTrackerTests()
    {
        _startMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _ledger = GapLedger.Open(_folder.Path, _time);
        _tracker = new GapTracker(_ledger, symbol => _activity.GetValueOrDefault(symbol), () => TimeSpan.FromDays(3), _time);
        _tracker.Resume([Euro, Gold]);
    }

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void First_coverage_of_new_channel_opens_no_gap()
    {
        Cover(Euro, _startMs);

        _ledger.All().ShouldBeEmpty();
    }

    [Fact]
    public void Lost_channel_has_gap_from_last_tick_to_next_coverage()
    {
        Cover(Euro, _startMs);
        Cover(Gold, _startMs);
        Tick(Euro, _startMs + 40_000);

        Lose(Euro, _startMs + 50_000, LossCause.Disconnected);
        _ledger.All().ShouldHaveSingleItem().ToMs.ShouldBeNull();
        Cover(Euro, _startMs + 60_000);

        var gap = _ledger.All().ShouldHaveSingleItem();
        (gap.Symbol, gap.Kind, gap.Cause, gap.State).ShouldBe((Euro.Symbol, TickKind.Quote, "disconnected", GapState.Open));
        gap.FromMs.ShouldBeInRange(_startMs + 30_000, _startMs + 40_000);
        gap.ToMs.ShouldNotBeNull().ShouldBeGreaterThan(_startMs + 60_000);
    }

    [Fact]
    public void Lost_channel_without_tick_has_gap_from_before_loss()
    {
        Cover(Euro, _startMs);

        Lose(Euro, _startMs + 50_000, LossCause.Stale);

        var gap = _ledger.All().ShouldHaveSingleItem();
        gap.Cause.ShouldBe("stale");
        gap.FromMs.ShouldBeLessThan(_startMs + 50_000);
    }

    [Fact]
    public void Delayed_feed_has_gaps_in_its_own_times()
    {
        Cover(Euro, _startMs);
        Tick(Euro, _startMs + 50_000 - 900_000, receivedMs: _startMs + 50_000);

        Lose(Euro, _startMs + 51_000, LossCause.Disconnected);

        _ledger.All().ShouldHaveSingleItem().FromMs.ShouldBeLessThan(_startMs + 50_000 - 900_000);
        Cover(Euro, _startMs + 60_000);
        _tracker.Marks(_startMs + 70_000).ShouldHaveSingleItem().Value.ShouldBeLessThanOrEqualTo(_startMs + 70_000 - 900_000);
    }

    [Fact]
    public void Channel_lost_repeatedly_has_one_gap()
    {
        Cover(Euro, _startMs);
        for (var at = _startMs + 10_000; at < _startMs + 60_000; at += 5_000)
        {
            Lose(Euro, at, LossCause.Disconnected);
            Cover(Euro, at + 2_000);
        }

        var gap = _ledger.All().ShouldHaveSingleItem();
        (gap.FromMs < _startMs + 10_000 && gap.ToMs > _startMs + 57_000).ShouldBeTrue(gap.ToString());
    }

    [Fact]
    public void Next_loss_does_not_change_a_filling_gap()
    {
        Cover(Euro, _startMs);
        Lose(Euro, _startMs + 10_000, LossCause.Disconnected);
        Cover(Euro, _startMs + 11_000);
        var filling = _ledger.Change(_ledger.All()[0].Id, gap => gap with { State = GapState.Filling }).ShouldNotBeNull();

        Lose(Euro, _startMs + 12_000, LossCause.Disconnected);

        _ledger.Find(filling.Id).ShouldBe(filling);
        _ledger.All().Count.ShouldBe(2);
    }

    [Fact]
    public void Unwanted_channel_opens_no_gap_and_closes_its_gap()
    {
        Cover(Euro, _startMs);
        Cover(Gold, _startMs);
        Lose(Gold, _startMs + 10_000, LossCause.Disconnected);

        Lose(Euro, _startMs + 20_000, LossCause.Unsubscribed);
        _tracker.SetWanted([]);

        _ledger.All().ShouldHaveSingleItem().ToMs.ShouldNotBeNull();
        _tracker.Marks(_startMs).ShouldBeEmpty();
    }

    [Fact]
    public void Start_opens_gaps_for_wanted_channels_of_last_run()
    {
        _tracker.SetWanted([Euro]);
        _tracker.OpenSince(new Dictionary<FeedChannel, long> { [Euro] = _startMs - 100_000, [Gold] = _startMs - 100_000 }, "a test");
        _tracker.OpenSince(new Dictionary<FeedChannel, long> { [Euro] = _startMs - 1 }, "the archive");
        Cover(Euro, _startMs + 5_000);

        var gap = _ledger.All().ShouldHaveSingleItem();
        (gap.Symbol, gap.Cause).ShouldBe((Euro.Symbol, "start"));
        (gap.FromMs <= _startMs - 100_000 && gap.ToMs >= _startMs + 5_000).ShouldBeTrue();
    }

    [Fact]
    public void Gap_since_last_run_is_limited_to_look_back()
    {
        _tracker.OpenSince(new Dictionary<FeedChannel, long> { [Euro] = _startMs - (10 * 86_400_000L) }, "a test");

        var gap = _ledger.All().ShouldHaveSingleItem();
        gap.FromMs.ShouldBe(_startMs - (3 * 86_400_000L));
        gap.Detail.ShouldNotBeNull().ShouldContain("Collector:BackfillLookBack");
    }

    [Fact]
    public void Gap_ongoing_at_kill_lasts_until_channel_is_covered()
    {
        Cover(Euro, _startMs);
        Cover(Gold, _startMs);
        Lose(Euro, _startMs + 10_000, LossCause.Disconnected);
        Lose(Gold, _startMs + 10_000, LossCause.Disconnected);
        _ledger.Save();
        _time.Advance(TimeSpan.FromMinutes(1));
        var next = new GapTracker(_ledger, _ => null, () => TimeSpan.FromDays(3), _time);

        next.Resume([Euro]);
        next.OnCoverage([new CoverageChange(Euro, true, _startMs + 70_000, LossCause.None, "")]);

        _ledger.All().Count.ShouldBe(2);
        _ledger.UnfilledOf(Euro)[0].ToMs.ShouldNotBeNull().ShouldBeGreaterThan(_startMs + 70_000);
        _ledger.UnfilledOf(Gold)[0].ToMs.ShouldNotBeNull();
    }

    [Fact]
    public void Missed_ticks_open_gap_that_next_report_ends()
    {
        var missed = new MissedTicks(Guid.NewGuid(), Euro.Symbol, TickKind.Quote, _startMs, null, MissedTicks.SpoolFull, 1);

        _tracker.OnMissed(missed);
        _ledger.All().ShouldHaveSingleItem().ToMs.ShouldBeNull();
        _tracker.OnMissed(missed with { ToMs = _startMs + 500, Count = 16, Detail = "17 ticks" });

        var gap = _ledger.All().ShouldHaveSingleItem();
        (gap.Id, gap.ToMs, gap.Cause, gap.Detail, gap.Missing).ShouldBe((missed.Id, _startMs + 500, "spool_full", "17 ticks", 17));
    }

    [Fact]
    public void Marks_of_covered_channels_survive_in_file()
    {
        Cover(Euro, _startMs);
        Cover(Gold, _startMs + 30_000);
        Lose(Gold, _startMs + 35_000, LossCause.Disconnected);
        Cover(Gold, _startMs + 60_000);
        var marks = new CoverageMarks(_folder.Path, new Disk());

        marks.Write(_tracker.Marks(_startMs + 50_000));

        marks.Read().ShouldBe(
            new Dictionary<FeedChannel, long> { [Euro] = _startMs + 50_000, [Gold] = _startMs + 60_000 }, ignoreOrder: true);
        File.WriteAllText(Path.Combine(_folder.Path, "coverage.json"), "{\"channels\":[[\"forex\"");
        marks.Read().ShouldBeNull();
    }

    private void Cover(FeedChannel channel, long atMs) =>
        _tracker.OnCoverage([new CoverageChange(channel, true, atMs, LossCause.None, "")]);

    private void Lose(FeedChannel channel, long atMs, LossCause cause) =>
        _tracker.OnCoverage([new CoverageChange(channel, false, atMs, cause, "a test")]);

    private void Tick(FeedChannel channel, long timestampMs, long? receivedMs = null)
    {
        var activity = new SymbolActivity(0);
        activity.Of(channel.Kind).Add(timestampMs, receivedMs ?? timestampMs);
        _activity[channel.Symbol] = activity;
    }

    private static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);
}
