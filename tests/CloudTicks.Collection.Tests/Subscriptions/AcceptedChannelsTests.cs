using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Tests.Subscriptions;

public sealed class AcceptedChannelsTests
{
    private const long MinuteMs = 60_000;
    private const long Now = 1_700_000_000_000;

    private static readonly Symbol Euro = Of("EURUSD");
    private static readonly Symbol Pound = Of("GBPUSD");

    [Fact]
    public void Never_selected_channel_is_not_accepted()
    {
        var accepted = AcceptedChannels.None.Next([new FeedChannel(Euro, TickKind.Quote)], Now);

        accepted.UntilMs(Euro, TickKind.Quote).ShouldBe(long.MaxValue);
        accepted.UntilMs(Pound, TickKind.Quote).ShouldBe(long.MinValue);
        accepted.UntilMs(Euro, TickKind.Trade).ShouldBe(long.MinValue);
    }

    [Fact]
    public void Removed_channel_is_accepted_for_a_minute()
    {
        var both = AcceptedChannels.None.Next([new FeedChannel(Euro, TickKind.Quote), new FeedChannel(Pound, TickKind.Quote)], Now);

        var removed = both.Next([new FeedChannel(Euro, TickKind.Quote)], Now);
        var again = removed.Next([new FeedChannel(Euro, TickKind.Quote)], Now + (MinuteMs / 2));
        var afterMinute = again.Next([new FeedChannel(Euro, TickKind.Quote)], Now + MinuteMs);

        removed.UntilMs(Pound, TickKind.Quote).ShouldBe(Now + MinuteMs);
        again.UntilMs(Pound, TickKind.Quote).ShouldBe(Now + MinuteMs);
        afterMinute.UntilMs(Pound, TickKind.Quote).ShouldBe(long.MinValue);
    }

    [Fact]
    public void Reselected_channel_is_accepted_without_time_limit()
    {
        var one = AcceptedChannels.None.Next([new FeedChannel(Euro, TickKind.Quote)], Now).Next([], Now + 1);

        one.Next([new FeedChannel(Euro, TickKind.Quote)], Now + 2).UntilMs(Euro, TickKind.Quote).ShouldBe(long.MaxValue);
    }

    private static Symbol Of(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);
}
