using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Tests.Fixtures;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.EventHub.Tests.Disks;

public sealed class DiskWatchTests
{
    private const long Gibibyte = 1L << 30;
    private readonly TestClock _clock = new();
    private readonly List<(bool FillsUp, string Sentence)> _reported = [];
    private readonly DiskWatch _watch;
    private long _free = 100 * Gibibyte;

    public DiskWatchTests() =>
        _watch = new DiskWatch(
            () => _free, Gibibyte, TimeSpan.FromDays(1), _clock, (forecast, fillsUp) => _reported.Add((fillsUp, forecast.Description)));

    [Fact]
    public void Filling_disk_is_reported_hourly_until_resolved()
    {
        AdvanceTime(TimeSpan.FromMinutes(30), Gibibyte); // 99 hours left
        _reported.ShouldBeEmpty();
        AdvanceTime(TimeSpan.FromMinutes(90), 10 * Gibibyte); // less than 9 hours left
        _reported.Select(s => s.FillsUp).ShouldBe([true, true]);
        _watch.Problem.ShouldNotBeNull().ShouldContain("will be full in");
        _watch.Forecast!.BytesPerHour.ShouldBe(10 * Gibibyte, Gibibyte / 1000);
        _watch.Forecast.UntilFull!.Value.TotalHours.ShouldBe((_free - Gibibyte) / (10.0 * Gibibyte), 0.1);
        AdvanceTime(TimeSpan.FromHours(2), 0);
        _reported[^1].FillsUp.ShouldBeFalse();
        _watch.Problem.ShouldBeNull();
        _watch.Forecast.UntilFull.ShouldBeNull();
    }

    [Fact]
    public async Task Health_is_degraded_with_reason()
    {
        var health = new EventHubHealth { DiskProblem = () => _watch.Problem };
        (await health.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status.ShouldBe(
            HealthStatus.Healthy);
        _free = Gibibyte;
        _watch.Check();
        var result = await health.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        result.Status.ShouldBe(HealthStatus.Degraded);
        result.Description.ShouldBe("The disk is nearly full: 1.1 GB are free.");
    }

    private void AdvanceTime(TimeSpan time, long bytesPerHour)
    {
        for (var minute = 0; minute <= time.TotalMinutes; minute++)
        {
            _watch.Check();
            _clock.Advance(TimeSpan.FromMinutes(1));
            _free -= bytesPerHour / 60;
        }
    }
}
