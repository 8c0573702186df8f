using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Wire;

public sealed class TransferRateWatchTests
{
    private const int MinBytes = 8 * 1024;
    private static readonly TimeSpan Window = TimeSpan.FromHours(8); // its timer does not fire during a test

    [Theory]
    [InlineData(MinBytes - 1, true)]
    [InlineData(MinBytes, false)]
    public void Transfer_below_minimum_is_too_slow(int bytes, bool isTooSlow)
    {
        var clock = new TestClock();
        var callCount = 0;
        using var watch = new TransferRateWatch(clock, Window, MinBytes, _ => callCount++);
        for (var window = 0; window < 3; window++)
        {
            clock.Advance(Window / 2);
            watch.Check();
            watch.AddBytes(bytes);
            clock.Advance(Window / 2);
            watch.Check();
        }

        (callCount > 0).ShouldBe(isTooSlow);
    }

    [Fact]
    public void Dripping_transfer_is_too_slow_after_one_window()
    {
        var clock = new TestClock();
        var rate = 0.0;
        using var watch = new TransferRateWatch(clock, Window, MinBytes, watch => rate = watch.BytesPerSecond);
        for (var drip = 0; drip < 8; drip++)
        {
            watch.AddBytes(1);
            watch.Check();
            rate.ShouldBe(0);
            clock.Advance(TimeSpan.FromHours(1));
        }

        watch.Check();
        rate.ShouldBe(8.0 / Window.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Paused_transfer_is_not_too_slow()
    {
        var clock = new TestClock();
        var callCount = 0;
        using var watch = new TransferRateWatch(clock, Window, MinBytes, _ => callCount++);
        watch.SetPaused(true);
        clock.Advance(3 * Window);
        watch.Check();
        watch.SetPaused(false);
        clock.Advance(Window / 2);
        watch.Check();
        callCount.ShouldBe(0);
        clock.Advance(Window / 2);
        watch.Check();
        callCount.ShouldBe(1);
    }
}
