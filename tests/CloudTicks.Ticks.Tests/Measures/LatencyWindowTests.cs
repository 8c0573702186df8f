using CloudTicks.Ticks.Measures;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Ticks.Tests.Measures;

public sealed class LatencyWindowTests
{
    private const long NowMs = 1_000_000_000;

    [Fact]
    public void Percentile_is_at_most_an_eighth_too_high()
    {
        var latencies = Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(0, 100_000))).Where(all => all.Length > 0).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(latencies, all =>
        {
            var latency = new LatencyWindow();
            Array.ForEach(all, one => latency.Add(one, NowMs));
            var exactPercentile = all.Order().ElementAt((int)Math.Ceiling(all.Length * 0.99) - 1);
            var estimate = latency.Percentile(0.99, NowMs);
            return estimate >= exactPercentile && estimate <= (exactPercentile * 1.125) + 1;
        }));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    public void Add_any_latency_is_counted(long latencyMs)
    {
        var latency = new LatencyWindow();

        latency.Add(latencyMs, NowMs);

        latency.Percentile(1, NowMs)!.Value.ShouldBeGreaterThanOrEqualTo(Math.Max(latencyMs, 0));
    }

    [Fact]
    public void SinceStart_includes_ticks_outside_the_window()
    {
        var latency = new LatencyWindow();
        latency.CountsSinceStart().ShouldBeEmpty();
        latency.Add(9, NowMs, ticks: 3);
        latency.Add(1_000, NowMs);
        latency.Add(9, NowMs + 3_600_000, ticks: 2);

        latency.CountsSinceStart().ShouldBe([new LatencyCount(9, 5), new LatencyCount(1_023, 1)]);
    }

    [Fact]
    public void Percentile_ignores_ticks_older_than_ten_seconds()
    {
        var latency = new LatencyWindow();
        latency.Percentile(0.99, NowMs).ShouldBeNull();
        latency.Add(9_000, NowMs);

        latency.Percentile(0.99, NowMs + 5_000).ShouldNotBeNull();
        latency.Percentile(0.99, NowMs + 10_000).ShouldBeNull();

        // The window that counted the first tick is cleared and reused for the next tick.
        latency.Add(2, NowMs + 10_000);
        latency.Percentile(0.99, NowMs + 10_000).ShouldBe(2);
    }
}
