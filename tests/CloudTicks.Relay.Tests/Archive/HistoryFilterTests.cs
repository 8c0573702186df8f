using CloudTicks.Relay.Archive;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

public class HistoryFilterTests
{
    private const long SinceMs = 1_700_000_001_000;

    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly Symbol Pound = TestTick.SymbolOf("GBPUSD");

    [Fact]
    public void Symbols_that_have_the_same_last_time_by_chance_get_nothing_older()
    {
        var filter = Filter(isShared: false);

        IsWanted(filter, Euro, SinceMs - 1, archivedMs: SinceMs + 10).ShouldBeFalse();
        IsWanted(filter, Pound, SinceMs - 1, archivedMs: SinceMs + 10).ShouldBeFalse();
        IsWanted(filter, Euro, SinceMs, archivedMs: SinceMs + 10).ShouldBeTrue();
    }

    [Fact]
    public void One_time_for_several_symbols_counts_as_the_time_of_archiving_too_and_reaches_back_as_far_as_partitions_may_differ()
    {
        const long SkewMs = 30_000;
        var filter = Filter(isShared: true);

        IsWanted(filter, Euro, SinceMs - SkewMs - 20, archivedMs: SinceMs - SkewMs - 1).ShouldBeFalse();
        IsWanted(filter, Pound, SinceMs - SkewMs - 20, archivedMs: SinceMs - SkewMs).ShouldBeTrue();
    }

    [Fact]
    public void What_is_behind_the_first_wanted_tick_is_wanted_however_old_it_is()
    {
        var filter = Filter(isShared: false);

        IsWanted(filter, Euro, SinceMs + 1, archivedMs: SinceMs).ShouldBeTrue();
        IsWanted(filter, Euro, SinceMs - 60_000, archivedMs: SinceMs).ShouldBeTrue();
        IsWanted(filter, Pound, SinceMs - 60_000, archivedMs: SinceMs).ShouldBeFalse();
    }

    [Fact]
    public void What_was_fetched_back_since_is_wanted_and_what_was_before_is_not()
    {
        var filter = Filter(isShared: false);

        IsWanted(filter, Euro, SinceMs - 60_000, archivedMs: SinceMs, TickSource.Backfill).ShouldBeTrue();
        IsWanted(filter, Euro, SinceMs - 60_000, archivedMs: SinceMs - 1, TickSource.Backfill).ShouldBeFalse();
        IsWanted(filter, Euro, SinceMs - 60_000, archivedMs: SinceMs).ShouldBeFalse();
    }

    private static HistoryFilter Filter(bool isShared) => new(
    [
        .. new[] { Euro, Pound }.Select(symbol => ChannelSelector.Of(symbol, TickKind.Quote)).Select(selector =>
            (new SinceChannel(selector, SinceMs, isShared), new HeldChannel(new TestClient(), selector))),
    ]);

    private static bool IsWanted(
        HistoryFilter filter, Symbol symbol, long timestampMs, long archivedMs, TickSource source = TickSource.Live) =>
        filter.IsWanted(new TestTick(symbol, 1, timestampMs).ToTick(), source, archivedMs);
}
