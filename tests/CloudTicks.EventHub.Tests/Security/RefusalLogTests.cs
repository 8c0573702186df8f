using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.Security;

public sealed class RefusalLogTests
{
    [Fact]
    public void Refusals_at_limit_are_one_line_per_minute()
    {
        using var log = new CapturedLog();
        var clock = new TestClock();
        var refusals = new RefusalLog(clock, log);
        for (var i = 0; i < 1000; i++)
        {
            refusals.ConnectionLimitReached(100);
        }

        log.Lines.ShouldHaveSingleItem().ShouldContain("1 connections were refused: 100 are open");
        clock.Advance(TimeSpan.FromMinutes(1));
        refusals.ConnectionLimitReached(100);
        log.Lines.Count.ShouldBe(2);
        log.Lines.Last().ShouldContain("1000 connections were refused");
    }

    [Fact]
    public void Refusals_are_limited_to_100_lines_per_minute()
    {
        using var log = new CapturedLog();
        var clock = new TestClock();
        var refusals = new RefusalLog(clock, log);
        for (var i = 0; i < 1000; i++)
        {
            refusals.Refused("a client", "it is malformed");
            refusals.LoginFailed("a client", "wrong password for user a");
        }

        log.Lines.Count.ShouldBe(100);
        clock.Advance(TimeSpan.FromMinutes(1));
        refusals.Refused("a client", "it is malformed");
        log.Lines.Count.ShouldBe(102);
        log.Lines.ShouldContain(line => line.Contains("1900 more connections were closed", StringComparison.Ordinal));
    }

    [Fact]
    public void Slow_clients_are_one_line_per_minute_and_address()
    {
        using var log = new CapturedLog();
        var clock = new TestClock();
        var refusals = new RefusalLog(clock, log);
        for (var i = 0; i < 1000; i++)
        {
            refusals.Refused("a client", "it is malformed");
            refusals.TooSlow("192.0.2.7", $"192.0.2.7:{i}", "it sent 1 of the 9 bytes of a request at 0.5 B/s");
        }

        refusals.TooSlow("192.0.2.8", "192.0.2.8:1", "it read nothing");
        var slow = log.Lines.Where(line => line.Contains("too slow", StringComparison.Ordinal)).ToList();
        slow.Count.ShouldBe(2);
        slow[0].ShouldContain(
            "1 connections of 192.0.2.7 were closed because they were too slow; the last one, 192.0.2.7:0: it sent 1 of the 9 bytes");
        clock.Advance(TimeSpan.FromMinutes(1));
        refusals.TooSlow("192.0.2.7", "192.0.2.7:5", "it read nothing");
        log.Lines.Last().ShouldContain("1000 connections of 192.0.2.7 were closed");
    }
}
