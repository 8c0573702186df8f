using CloudTicks.Relay.OnDemand;
using CloudTicks.Relay.Tests.Archive;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.OnDemand;

public sealed class IdleSymbolsTests
{
    private static readonly Symbol Euro = TestTick.SymbolOf("EURUSD");
    private static readonly HashSet<Symbol> NoSubscriber = [];
    private static readonly HashSet<Symbol> OneSubscriber = [Euro];
    private static readonly OnDemandSymbol[] Added = [new(Euro, IsIdle: false)];
    private static readonly OnDemandSymbol[] Marked = [new(Euro, IsIdle: true)];
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly TestTime _time = new();

    [Fact]
    public void Idle_symbol_is_marked_and_removed_a_minute_later()
    {
        var idle = new IdleSymbols(IdleTime, _time);
        idle.FindChanges(Added, OneSubscriber).ShouldBeFalse();
        _time.Advance(IdleTime - TimeSpan.FromSeconds(1));
        idle.FindChanges(Added, OneSubscriber).ShouldBeFalse();
        _time.Advance(IdleTime - TimeSpan.FromSeconds(1));
        idle.FindChanges(Added, NoSubscriber).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));

        idle.FindChanges(Added, NoSubscriber).ShouldBeTrue();
        idle.Apply(Added).ShouldBe(Marked);
        idle.FindChanges(Marked, NoSubscriber).ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(1));
        idle.FindChanges(Marked, NoSubscriber).ShouldBeTrue();
        idle.Apply(Marked).ShouldBeEmpty();
        // Another relay removed the mark first.
        idle.Apply(Added).ShouldBe(Added);
    }

    [Fact]
    public void Idle_mark_of_another_relay_is_removed_for_a_subscriber()
    {
        var idle = new IdleSymbols(IdleTime, _time);

        idle.FindChanges(Marked, OneSubscriber).ShouldBeTrue();
        idle.Apply(Marked).ShouldBe(Added);
        idle.FindChanges(Added, OneSubscriber).ShouldBeFalse();
    }

    [Fact]
    public void Relay_waits_longer_each_time_its_mark_is_removed()
    {
        var idle = new IdleSymbols(IdleTime, _time);
        idle.FindChanges(Added, NoSubscriber);
        _time.Advance(IdleTime);
        idle.FindChanges(Added, NoSubscriber).ShouldBeTrue();
        idle.FindChanges(Marked, NoSubscriber).ShouldBeFalse();

        idle.FindChanges(Added, NoSubscriber).ShouldBeFalse();
        _time.Advance(IdleTime);
        idle.FindChanges(Added, NoSubscriber).ShouldBeFalse();
        _time.Advance(IdleTime);
        idle.FindChanges(Added, NoSubscriber).ShouldBeTrue();
    }
}
