using CloudTicks.Relay.Archive;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

public class HistoryFilterTests
{
    private const long SinceMs = 1_700_000_001_000;

    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly Symbol Pound = TestTick.SymbolOf("GBPUSD");

    [Fact]
    public void Unshared_start_time_selects_no_older_ticks()
    {
        var filter = Filter(isShared: false);

        IsWanted(filter, Euro, SinceMs - 1, archivedMs: SinceMs + 10).ShouldBeFalse();
        IsWanted(filter, Pound, SinceMs - 1, archivedMs: SinceMs + 10).ShouldBeFalse();
        IsWanted(filter, Euro, SinceMs, archivedMs: SinceMs + 10).ShouldBeTrue();
    }

    [Fact]
    public void Shared_start_time_also_selects_ticks_archived_shortly_before()
    {
        const long SkewMs = 30_000;
        var filter = Filter(isShared: true);

        IsWanted(filter, Euro, SinceMs - SkewMs - 20, archivedMs: SinceMs - SkewMs - 1).ShouldBeFalse();
        IsWanted(filter, Pound, SinceMs - SkewMs - 20, archivedMs: SinceMs - SkewMs).ShouldBeTrue();
    }

    [Fact]
    public void Every_tick_after_the_first_selected_one_is_selected()
    {
        var filter = Filter(isShared: false);

        IsWanted(filter, Euro, SinceMs + 1, archivedMs: SinceMs).ShouldBeTrue();
        IsWanted(filter, Euro, SinceMs - 60_000, archivedMs: SinceMs).ShouldBeTrue();
        IsWanted(filter, Pound, SinceMs - 60_000, archivedMs: SinceMs).ShouldBeFalse();
    }

    [Fact]
    public void Older_ticks_are_selected_only_if_backfilled_after_start()
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
