using CloudTicks.EventStream.Pacing;

namespace CloudTicks.EventStream.Tests.Pacing;

public sealed class AdaptiveLingerTests
{
    private const int Partitions = 32;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(20, 1)]
    [InlineData(4, 2)]
    public void Busy_partitions_use_at_most_80_percent_of_the_units(int units, int collectors)
    {
        var options = new EventHubsOptions { ThroughputUnits = units, Collectors = collectors };

        var seconds = Send(options, Partitions, ticksPerMs: Partitions, seconds: 10);

        var maxRate = units * 1_000.0 / collectors;
        seconds.ShouldAllBe(sent => sent <= maxRate);
        seconds.Skip(1).Average().ShouldBeInRange(0.5 * maxRate, 0.81 * maxRate);
    }

    [Fact]
    public void Few_ticks_wait_two_milliseconds()
    {
        var time = new TestTime();
        var linger = new AdaptiveLinger(800, Partitions, time);

        for (var tick = 0; tick < 1_000; tick++)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            linger.At(time.GetTimestamp()).ShouldBe(AdaptiveLinger.MinWait);
            linger.Sent();
        }
    }

    [Fact]
    public void Wait_grows_with_many_records_and_shrinks_afterwards()
    {
        var time = new TestTime();
        var linger = new AdaptiveLinger(800, Partitions, time);

        for (var recordNumber = 0; recordNumber < 10_000; recordNumber++)
        {
            linger.Sent();
        }

        linger.At(time.GetTimestamp()).ShouldBe(AdaptiveLinger.MaxWait);
        var waits = new List<TimeSpan>();
        for (var check = 0; check < 10; check++)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            waits.Add(linger.At(time.GetTimestamp()));
        }

        waits.ShouldBe(waits.OrderDescending());
        waits[^1].ShouldBe(AdaptiveLinger.MinWait);
    }

    [Fact]
    public void Tiny_rate_limits_records_to_five_per_partition_and_second()
    {
        var options = new EventHubsOptions { ThroughputUnits = 1, Collectors = 100 };

        Send(options, Partitions, ticksPerMs: Partitions, seconds: 5).ShouldAllBe(sent => sent <= Partitions * 5);
    }

    /// <summary>
    /// Simulates partitions, each of which sends when its oldest tick has waited long enough. Ticks are distributed round-robin. Returns
    /// the number of sent records for each second.
    /// </summary>
    private static List<int> Send(EventHubsOptions options, int partitions, int ticksPerMs, int seconds)
    {
        var time = new TestTime();
        var linger = new AdaptiveLinger(options.EventsPerSecond, partitions, time);
        var oldestTickTimes = new long?[partitions];
        var (sent, next, perSecond) = (0, 0, new List<int>());
        for (var ms = 1; ms <= seconds * 1_000; ms++)
        {
            time.Advance(Step);
            var now = time.GetTimestamp();
            for (var tick = 0; tick < ticksPerMs; tick++, next++)
            {
                oldestTickTimes[next % partitions] ??= now;
            }

            for (var partition = 0; partition < partitions; partition++)
            {
                if (oldestTickTimes[partition] is { } oldest && time.GetElapsedTime(oldest, now) >= linger.At(now))
                {
                    linger.Sent();
                    sent++;
                    oldestTickTimes[partition] = null;
                }
            }

            if (ms % 1_000 == 0)
            {
                perSecond.Add(sent);
                sent = 0;
            }
        }

        return perSecond;
    }
}
