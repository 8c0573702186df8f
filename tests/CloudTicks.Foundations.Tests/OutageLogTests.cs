using CloudTicks.TestServices;

namespace CloudTicks.Foundations.Tests;

public sealed class OutageLogTests
{
    private readonly TestTime _time = new();
    private readonly OutageLog _outage;

    public OutageLogTests() => _outage = new OutageLog(_time);

    [Fact]
    public void Failures_are_logged_immediately_then_every_minute()
    {
        _outage.Failed(out var duration).ShouldBe(OutageNotice.First);
        duration.ShouldBe(TimeSpan.Zero);

        _time.Advance(TimeSpan.FromSeconds(59));
        _outage.Failed(out _).ShouldBe(OutageNotice.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        _outage.Failed(out duration).ShouldBe(OutageNotice.Reminder);
        duration.ShouldBe(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        _outage.Failed(out _).ShouldBe(OutageNotice.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        _outage.Failed(out duration).ShouldBe(OutageNotice.Reminder);
        duration.ShouldBe(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void End_of_a_logged_outage_is_logged_with_its_duration()
    {
        _outage.End(out _).ShouldBeFalse("there was no outage");
        _outage.Failed(out _);
        _time.Advance(TimeSpan.FromSeconds(7));
        _outage.Duration.ShouldBe(TimeSpan.FromSeconds(7));

        _outage.End(out var duration).ShouldBeTrue();

        duration.ShouldBe(TimeSpan.FromSeconds(7));
        _outage.IsOngoing.ShouldBeFalse();
        _outage.Duration.ShouldBeNull();
        _outage.End(out _).ShouldBeFalse();
    }

    [Fact]
    public void Next_outage_is_logged_with_its_own_duration()
    {
        _outage.Failed(out _);
        _outage.End(out _);
        _time.Advance(TimeSpan.FromSeconds(1));

        _outage.Failed(out var duration).ShouldBe(OutageNotice.First);

        duration.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void New_cause_is_logged_and_restarts_the_interval()
    {
        _outage.Failed(out _);
        _time.Advance(TimeSpan.FromSeconds(30));

        _outage.Failed(out var duration, isNewCause: true).ShouldBe(OutageNotice.First);

        duration.ShouldBe(TimeSpan.FromSeconds(30), "it is the same outage");
        _time.Advance(TimeSpan.FromSeconds(59));
        _outage.Failed(out _).ShouldBe(OutageNotice.None);
        _time.Advance(TimeSpan.FromSeconds(1));
        _outage.Failed(out _).ShouldBe(OutageNotice.Reminder);
    }

    [Fact]
    public void Outage_that_was_not_logged_ends_silently()
    {
        _outage.Begin();
        _outage.IsOngoing.ShouldBeTrue();
        _outage.IsLogged.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));

        _outage.End(out var duration).ShouldBeFalse();

        duration.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Outage_with_an_earlier_start_is_due_until_it_is_logged()
    {
        _outage.Notice(out _).ShouldBe(OutageNotice.None, "there is no outage");
        _outage.IsDue.ShouldBeFalse();
        var before = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(5));

        _outage.Begin(before);
        _outage.Begin();

        _outage.IsDue.ShouldBeTrue();
        _outage.Notice(out var duration).ShouldBe(OutageNotice.First);
        duration.ShouldBe(TimeSpan.FromSeconds(5));
        _outage.IsLogged.ShouldBeTrue();
        _outage.IsDue.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(1));
        _outage.IsDue.ShouldBeTrue();
    }

    [Fact]
    public void Outage_logged_elsewhere_has_reminders_and_an_end()
    {
        _outage.Begin(isLogged: true);

        _outage.Failed(out _).ShouldBe(OutageNotice.None);
        _time.Advance(TimeSpan.FromMinutes(1));
        _outage.Failed(out _).ShouldBe(OutageNotice.Reminder);
        _outage.End(out _).ShouldBeTrue();
    }

    [Fact]
    public void End_at_an_earlier_time_shortens_the_duration()
    {
        _outage.Failed(out _);
        _time.Advance(TimeSpan.FromSeconds(3));
        var lastFailure = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(2));

        _outage.End(out var duration, lastFailure).ShouldBeTrue();

        duration.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void Interval_is_configurable()
    {
        var outage = new OutageLog(_time, TimeSpan.FromHours(1));
        outage.Failed(out _);
        _time.Advance(TimeSpan.FromMinutes(59));
        outage.Failed(out _).ShouldBe(OutageNotice.None);
        _time.Advance(TimeSpan.FromMinutes(1));

        outage.Failed(out _).ShouldBe(OutageNotice.Reminder);
    }

    [Fact]
    public void Concurrent_failures_are_logged_once()
    {
        var notices = new OutageNotice[64];

        Parallel.For(0, notices.Length, index => notices[index] = _outage.Failed(out _));

        notices.Count(notice => notice == OutageNotice.First).ShouldBe(1);
        notices.Count(notice => notice == OutageNotice.None).ShouldBe(notices.Length - 1);
    }

    [Fact]
    public void End_without_an_outage_allocates_nothing()
    {
        _outage.End(out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var call = 0; call < 1_000; call++)
        {
            _outage.End(out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
