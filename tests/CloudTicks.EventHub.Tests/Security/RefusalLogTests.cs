using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.Security;

public sealed class RefusalLogTests
{
    [Fact]
    public void Crowd_is_one_line_a_minute_with_its_number()
    {
        using var log = new CapturedLog();
        var clock = new TestClock();
        var refusals = new RefusalLog(clock, log);
        for (var i = 0; i < 1000; i++)
        {
            refusals.Crowded(100);
        }

        log.Lines.ShouldHaveSingleItem().ShouldContain("1 connections were refused: 100 are open");
        clock.Advance(TimeSpan.FromMinutes(1));
        refusals.Crowded(100);
        log.Lines.Count.ShouldBe(2);
        log.Lines.Last().ShouldContain("1000 connections were refused");
    }

    [Fact]
    public void Flood_of_refusals_is_a_hundred_lines_a_minute_and_a_number()
    {
        using var log = new CapturedLog();
        var clock = new TestClock();
        var refusals = new RefusalLog(clock, log);
        for (var i = 0; i < 1000; i++)
        {
            refusals.Refused("a client", "it is strange");
            refusals.LoginFailed("a client", "wrong password of user a");
        }

        log.Lines.Count.ShouldBe(100);
        clock.Advance(TimeSpan.FromMinutes(1));
        refusals.Refused("a client", "it is strange");
        log.Lines.Count.ShouldBe(102);
        log.Lines.ShouldContain(line => line.Contains("1900 more connections were closed", StringComparison.Ordinal));
    }
}
